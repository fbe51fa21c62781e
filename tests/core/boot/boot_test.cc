#include <sys/socket.h>
#include <sys/un.h>

#include <cstdlib>

#include "core/boot/data_folder.h"
#include "core/boot/stages.h"
#include "core/boot/systemd.h"
#include "core/temp.h"

namespace skerry {
namespace {

using test::code_of;
using test::Scratch;

TEST(DataFolder, IsOwnedByOneDaemon) {
  const Scratch scratch;
  const boot::DataFolder first(scratch / "data");
  EXPECT_EQ(code_of([&] { boot::DataFolder second(scratch / "data"); }),
            ErrorCode::conflict);
}

TEST(DataFolder, RefusesAPlaceItCannotMake) {
  const Scratch scratch;
  write_file_atomically(scratch / "file", "x");
  EXPECT_EQ(code_of([&] { boot::DataFolder folder(scratch / "file"); }),
            ErrorCode::denied);
}

TEST(DataFolder, KeepsItsKeysAndEmptiesItsScratch) {
  const Scratch scratch;
  std::string key;
  {
    const boot::DataFolder folder(scratch / "data");
    key = folder.secret_key("secret.key");
    EXPECT_EQ(key.size(), 32u);
    write_file_atomically(folder.paths().work / "left", "x");
    folder.empty_work();
    EXPECT_TRUE(std::filesystem::is_empty(folder.paths().work));
  }
  const boot::DataFolder again(scratch / "data");
  EXPECT_EQ(again.secret_key("secret.key"), key);
  write_file_atomically(again.paths().keys / "secret.key", "short");
  EXPECT_EQ(code_of([&] { again.secret_key("secret.key"); }),
            ErrorCode::invalid);
}

TEST(Stage, PutsItsNameInFrontOfTheReason) {
  try {
    boot::stage("database", [] { fail(ErrorCode::conflict, "too new"); });
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "database: too new");
    EXPECT_EQ(error.code(), ErrorCode::conflict);
  }
}

TEST(Systemd, IsToldThroughItsSocket) {
  const Scratch scratch;
  const std::string path = (scratch / "notify").native();
  const Fd socket(::socket(AF_UNIX, SOCK_DGRAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address),
                   sizeof address),
            0);
  setenv("NOTIFY_SOCKET", path.c_str(), 1);
  setenv("WATCHDOG_USEC", "4000000", 1);
  boot::notify_systemd("READY=1");
  char buffer[64];
  const ssize_t got = ::recv(socket.get(), buffer, sizeof buffer, MSG_DONTWAIT);
  unsetenv("NOTIFY_SOCKET");
  ASSERT_GT(got, 0);
  EXPECT_EQ(std::string(buffer, static_cast<std::size_t>(got)), "READY=1");
  EXPECT_EQ(boot::watchdog_interval(), std::chrono::seconds(2));
  unsetenv("WATCHDOG_USEC");
  EXPECT_FALSE(boot::watchdog_interval());
}

}  // namespace
}  // namespace skerry
