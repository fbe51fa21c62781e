target_sources(core PRIVATE boot/blob_storage.cc
  boot/blob_storage_settings.cc boot/collector.cc boot/data_folder.cc
  boot/scrubber.cc boot/signals.cc boot/stages.cc boot/storage_run_routes.cc
  boot/storage_runs.cc boot/system.cc boot/systemd.cc)
