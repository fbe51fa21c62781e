// hash_and_write: what the machine allows a push. It hashes a file and writes
// it to another, as a registry must, with nothing between: no network, no
// request, no second thread.
//
//   hash_and_write FILE NEW_FILE
//
// Prints "<seconds> <processor seconds>"; the new file is durable then.
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr std::size_t kBlock = 256u << 10;

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

double processor_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void hash_and_write(const char* bytes, std::size_t size, int to) {
  EVP_MD_CTX* hash = EVP_MD_CTX_new();
  EVP_DigestInit_ex(hash, EVP_sha256(), nullptr);
  for (std::size_t at = 0; at < size; at += kBlock) {
    const auto part = std::min(kBlock, size - at);
    EVP_DigestUpdate(hash, bytes + at, part);
    if (::write(to, bytes + at, part) != static_cast<ssize_t>(part)) {
      die("write");
    }
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  EVP_DigestFinal_ex(hash, digest, nullptr);
  EVP_MD_CTX_free(hash);
  if (::fdatasync(to) != 0) die("fdatasync");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "hash_and_write FILE NEW_FILE\n");
    return 2;
  }
  const int from = ::open(argv[1], O_RDONLY);
  const int to = ::open(argv[2], O_WRONLY | O_CREAT | O_EXCL, 0600);
  struct stat info {};
  if (from < 0 || to < 0 || ::fstat(from, &info) != 0) die("open");
  const auto size = static_cast<std::size_t>(info.st_size);
  void* bytes = ::mmap(nullptr, size, PROT_READ, MAP_SHARED | MAP_POPULATE,
                       from, 0);
  if (bytes == MAP_FAILED) die("mmap");
  const auto cpu = processor_seconds();
  const auto start = std::chrono::steady_clock::now();
  hash_and_write(static_cast<const char*>(bytes), size, to);
  const std::chrono::duration<double> took =
      std::chrono::steady_clock::now() - start;
  std::printf("%.4f %.4f\n", took.count(), processor_seconds() - cpu);
  return 0;
}
