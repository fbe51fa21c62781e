target_sources(core PRIVATE boot/data_folder.cc boot/signals.cc boot/stages.cc
  boot/system.cc boot/systemd.cc)
