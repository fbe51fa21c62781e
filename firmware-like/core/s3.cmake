target_sources(core PRIVATE s3/answers.cc s3/arrivals.cc s3/blob_store.cc
  s3/cache.cc s3/client.cc s3/index.cc s3/reconcile.cc s3/sharing.cc
  s3/signature.cc s3/upload.cc)
