target_sources(core PRIVATE boot/collection_routes.cc
  boot/collector.cc boot/data_folder.cc boot/signals.cc boot/stages.cc
  boot/system.cc boot/systemd.cc)
