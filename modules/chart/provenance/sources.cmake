set(room_sources provenance/armor.cc provenance/clear_text.cc
  provenance/crypto.cc provenance/keyring.cc provenance/keys.cc
  provenance/packets.cc provenance/sign.cc provenance/signature.cc
  provenance/verify.cc)
