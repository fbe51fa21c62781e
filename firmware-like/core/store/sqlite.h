// SQLite: connections, statements, transactions. The only place that speaks
// to its C interface.
//
// One connection writes; several read, each a consistent snapshot (WAL).
// Reading inside a write sees its own changes. Writes that wait for each other
// are committed together: a commit costs one sync of the disk, whatever it
// holds.
//
//   db.write([&](Transaction& tx) {
//     tx.run("insert into tag (repo, name) values (?, ?)", repo, name);
//   });
//   auto n = db.read([&](Connection& c) {
//     auto row = c.query("select count(*) from tag where repo = ?", repo);
//     return row.next() ? row.integer(0) : 0;
//   });
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/os/mutex.h"

struct sqlite3;
struct sqlite3_stmt;

namespace skerry {

using SqlValue = std::variant<std::nullptr_t, std::int64_t, double,
                              std::string_view>;

// The result rows of a query. Valid until the connection is given back; one
// statement text may be open once at a time per connection.
class Rows {
 public:
  Rows(sqlite3_stmt* statement, bool* in_use);
  ~Rows();
  Rows(Rows&& other) noexcept;
  Rows& operator=(Rows&&) = delete;

  bool next();  // steps; false at the end
  bool is_null(int column) const;
  std::int64_t integer(int column) const;  // 0 for null
  double real(int column) const;
  std::string text(int column) const;  // "" for null; also for blobs
  std::optional<std::string> optional_text(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;

 private:
  sqlite3_stmt* statement_;
  bool* in_use_;
};

// Used by one thread at a time. Errors throw: a violated constraint as
// conflict, a full disk as unavailable, everything else as io.
class Connection {
 public:
  Connection(const std::filesystem::path& file, bool read_only);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Placeholders are "?". Statements are prepared once and kept, so use
  // constant texts.
  template <typename... Args>
  Rows query(std::string_view sql, const Args&... args) {
    return query_values(sql, std::initializer_list<SqlValue>{to_value(args)...});
  }
  // Runs to the end; the number of rows changed.
  template <typename... Args>
  std::int64_t run(std::string_view sql, const Args&... args) {
    return run_values(sql, std::initializer_list<SqlValue>{to_value(args)...});
  }
  // Several statements without parameters.
  void script(std::string_view sql);
  std::int64_t last_insert_id() const;
  // False after a failure that made SQLite roll back by itself (a full disk).
  bool in_transaction() const;

 private:
  static SqlValue to_value(std::nullptr_t) { return nullptr; }
  static SqlValue to_value(double v) { return v; }
  static SqlValue to_value(std::string_view v) { return v; }
  static SqlValue to_value(const std::string& v) { return std::string_view(v); }
  static SqlValue to_value(const char* v) { return std::string_view(v); }
  template <typename T>
    requires std::is_integral_v<T>
  static SqlValue to_value(T v) {
    return static_cast<std::int64_t>(v);
  }
  template <typename T>
  static SqlValue to_value(const std::optional<T>& v) {
    return v ? to_value(*v) : SqlValue(nullptr);
  }
  Rows query_values(std::string_view sql, std::initializer_list<SqlValue>);
  std::int64_t run_values(std::string_view sql,
                          std::initializer_list<SqlValue>);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// An open write transaction. Everything in it happens or nothing does.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {}
  template <typename... Args>
  Rows query(std::string_view sql, const Args&... args) {
    return connection_.query(sql, args...);
  }
  template <typename... Args>
  std::int64_t run(std::string_view sql, const Args&... args) {
    return connection_.run(sql, args...);
  }
  std::int64_t last_insert_id() const { return connection_.last_insert_id(); }
  Connection& connection() { return connection_; }
  // Called after the commit, on the thread that asked for the write; never on a
  // rollback.
  void after_commit(std::function<void()> action) {
    after_commit_.push_back(std::move(action));
  }

 private:
  friend class Database;
  Connection& connection_;
  std::vector<std::function<void()>> after_commit_;
};

// Numbered per owner ("core", "git", ...), applied in order once, each in its
// own transaction. A published migration is never edited.
struct Migration {
  int number;  // 1, 2, 3 ...
  std::string_view sql;
};

// Thread-safe.
class Database {
 public:
  // Opens or creates. WAL, synchronous=FULL: a committed transaction survives
  // a power cut.
  explicit Database(const std::filesystem::path& file);
  ~Database();

  // Brings `owner`'s tables up to date. Throws conflict when the file has a
  // newer migration than the program ("database is newer than this program").
  void migrate(std::string_view owner, std::span<const Migration> migrations);

  template <typename F>
  auto read(F&& body) {
    Lease lease(*this);
    return std::forward<F>(body)(lease.connection());
  }
  // Runs `body` and commits: when this returns, what it did is durable. An
  // exception undoes what it did and goes on. `body` may run on another thread
  // that writes just now, before or after that thread's own, and read() in it
  // does not see what the others did. Do not nest.
  template <typename F>
  auto write(F&& body) {
    return write_as(Company::welcome, std::forward<F>(body));
  }
  // The same for a body that looks at things other than through its
  // transaction (read(), files): it sees all that was written before it, and
  // is committed by itself. Deletions of what others check before they add to
  // it must be such.
  template <typename F>
  auto write_alone(F&& body) {
    return write_as(Company::none, std::forward<F>(body));
  }

  // Grows with each commit, before write() returns.
  std::uint64_t commits() const { return commits_.load(); }

  // Copies the whole database, consistently, while it is used.
  void backup_to(const std::filesystem::path& file);
  // "ok", or what SQLite's integrity check found.
  std::string check();

 private:
  class Lease {
   public:
    explicit Lease(Database& db) : db_(db), connection_(db.borrow()) {}
    ~Lease() { db_.give_back(std::move(connection_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Connection& connection() { return *connection_; }

   private:
    Database& db_;
    std::unique_ptr<Connection> connection_;
  };
  std::unique_ptr<Connection> borrow();
  void give_back(std::unique_ptr<Connection> connection);
  enum class Company { welcome, none };
  template <typename F>
  auto write_as(Company company, F&& body) {
    using Result = std::invoke_result_t<F, Transaction&>;
    if constexpr (std::is_void_v<Result>) {
      run_write(company, [&](Transaction& tx) { body(tx); });
    } else {
      std::optional<Result> result;
      run_write(company, [&](Transaction& tx) { result.emplace(body(tx)); });
      return std::move(*result);
    }
  }

  struct Write;
  void run_write(Company company,
                 const std::function<void(Transaction&)>& body);
  std::vector<Write*> next_batch() REQUIRES(write_mutex_);
  // With writing_ set; lets go of the mutex meanwhile.
  void write_for_all() REQUIRES(write_mutex_);
  void commit_together(std::span<Write* const> batch);
  void run_one(Write& write, bool alone);

  const std::filesystem::path file_;
  std::atomic<std::uint64_t> commits_{0};
  // Used by the thread that set writing_.
  std::unique_ptr<Connection> writer_;
  Mutex write_mutex_;
  Condition written_;
  bool writing_ GUARDED_BY(write_mutex_) = false;
  std::vector<Write*> waiting_ GUARDED_BY(write_mutex_);
  Mutex pool_mutex_;
  std::vector<std::unique_ptr<Connection>> pool_ GUARDED_BY(pool_mutex_);
};

}  // namespace skerry
