#include "core/store/sqlite.h"

#include <sqlite3.h>

#include <algorithm>
#include <exception>
#include <map>

#include "core/error.h"

namespace skerry {
namespace {

constexpr std::size_t kPooledReaders = 8;
constexpr int kBusyMillis = 30'000;
constexpr std::size_t kLargestBatch = 256;  // writes committed together

[[noreturn]] void fail_sqlite(sqlite3* db, std::string_view what) {
  const int code = db == nullptr ? SQLITE_NOMEM : sqlite3_errcode(db);
  const char* text =
      db == nullptr ? "out of memory" : sqlite3_errmsg(db);
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      fail(ErrorCode::conflict, "{}: {}", what, text);
    case SQLITE_FULL:
      fail(ErrorCode::unavailable, "{}: the disk is full", what);
    case SQLITE_BUSY:
      fail(ErrorCode::busy, "{}: {}", what, text);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      fail(ErrorCode::io, "{}: the database is damaged: {}", what, text);
    default:
      fail(ErrorCode::io, "{}: {}", what, text);
  }
}

struct Prepared {
  sqlite3_stmt* statement = nullptr;
  bool in_use = false;
};

void bind(sqlite3* db, sqlite3_stmt* statement,
          std::initializer_list<SqlValue> values) {
  if (sqlite3_bind_parameter_count(statement) !=
      static_cast<int>(values.size())) {
    fail(ErrorCode::internal, "{} parameters given to: {}", values.size(),
         sqlite3_sql(statement));
  }
  int index = 0;
  for (const SqlValue& value : values) {
    ++index;
    int status = SQLITE_OK;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      status = sqlite3_bind_int64(statement, index, *integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
      status = sqlite3_bind_double(statement, index, *real);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      status = sqlite3_bind_text64(statement, index,
                                   text->data() ? text->data() : "",
                                   text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
    if (status != SQLITE_OK) fail_sqlite(db, sqlite3_sql(statement));
  }
}

}  // namespace

// --- Rows --------------------------------------------------------------------

Rows::Rows(sqlite3_stmt* statement, bool* in_use)
    : statement_(statement), in_use_(in_use) {
  *in_use_ = true;
}

Rows::Rows(Rows&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)),
      in_use_(std::exchange(other.in_use_, nullptr)) {}

Rows::~Rows() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  *in_use_ = false;
}

bool Rows::next() {
  const int status = sqlite3_step(statement_);
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  fail_sqlite(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
}

bool Rows::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Rows::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double Rows::real(int column) const {
  return sqlite3_column_double(statement_, column);
}

std::string Rows::text(int column) const {
  const unsigned char* data = sqlite3_column_text(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (data == nullptr) return {};
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)};
}

std::optional<std::string> Rows::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

std::optional<std::int64_t> Rows::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

// --- Connection --------------------------------------------------------------

struct Connection::Impl {
  sqlite3* db = nullptr;
  std::map<std::string, Prepared, std::less<>> statements;

  ~Impl() {
    for (auto& [sql, prepared] : statements) {
      sqlite3_finalize(prepared.statement);
    }
    sqlite3_close(db);
  }

  Prepared& prepare(std::string_view sql) {
    auto it = statements.find(sql);
    if (it == statements.end()) {
      sqlite3_stmt* statement = nullptr;
      if (sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                             SQLITE_PREPARE_PERSISTENT, &statement,
                             nullptr) != SQLITE_OK) {
        fail_sqlite(db, sql);
      }
      it = statements.emplace(sql, Prepared{statement}).first;
    }
    if (it->second.in_use) {
      fail(ErrorCode::internal, "statement is open already: {}", sql);
    }
    return it->second;
  }
};

namespace {

bool configure_sqlite() {
  // Its memory statistics, which nobody reads, take a lock for each allocation.
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK &&
         // The bodies of a batch can be undone one by one. What that needs
         // stays in memory up to this size, rather than in a file for each; it
         // is allocated at once, so less than what malloc asks the system for.
         sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, 120 << 10) == SQLITE_OK;
}

}  // namespace

Connection::Connection(const std::filesystem::path& file, bool read_only)
    : impl_(std::make_unique<Impl>()) {
  static const bool configured = configure_sqlite();
  if (!configured) {
    fail(ErrorCode::internal, "SQLite was used before it was configured");
  }
  const int flags =
      (read_only ? SQLITE_OPEN_READONLY
                 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
      SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(file.c_str(), &impl_->db, flags, nullptr) != SQLITE_OK) {
    fail_sqlite(impl_->db, file.native());
  }
  sqlite3_extended_result_codes(impl_->db, 0);
  sqlite3_busy_timeout(impl_->db, kBusyMillis);
  script("pragma foreign_keys = on");
  if (read_only) {
    script("pragma cache_size = -512");
  } else {
    // A batch of writes has to fit into the cache: what does not is written to
    // the log each time that it changes.
    script(
        "pragma cache_size = -4096;"
        "pragma journal_mode = wal; pragma synchronous = full;");
  }
}

Connection::~Connection() = default;

Rows Connection::query_values(std::string_view sql,
                              std::initializer_list<SqlValue> values) {
  Prepared& prepared = impl_->prepare(sql);
  bind(impl_->db, prepared.statement, values);
  return Rows(prepared.statement, &prepared.in_use);
}

std::int64_t Connection::run_values(std::string_view sql,
                                    std::initializer_list<SqlValue> values) {
  {
    Rows rows = query_values(sql, values);
    while (rows.next()) {
    }
  }
  return sqlite3_changes64(impl_->db);
}

void Connection::script(std::string_view sql) {
  const std::string text(sql);
  if (sqlite3_exec(impl_->db, text.c_str(), nullptr, nullptr, nullptr) !=
      SQLITE_OK) {
    fail_sqlite(impl_->db, text.substr(0, 200));
  }
}

std::int64_t Connection::last_insert_id() const {
  return sqlite3_last_insert_rowid(impl_->db);
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(impl_->db) == 0;
}

// --- Database ----------------------------------------------------------------

Database::Database(const std::filesystem::path& file)
    : file_(file), writer_(std::make_unique<Connection>(file, false)) {
  writer_->script(
      "create table if not exists migration ("
      "  owner text not null,"
      "  number integer not null,"
      "  primary key (owner, number)) without rowid;");
}

Database::~Database() = default;

void Database::migrate(std::string_view owner,
                       std::span<const Migration> migrations) {
  const std::int64_t done = read([&](Connection& c) {
    Rows rows = c.query(
        "select coalesce(max(number), 0) from migration where owner = ?",
        owner);
    rows.next();
    return rows.integer(0);
  });
  const int newest = migrations.empty() ? 0 : migrations.back().number;
  if (done > newest) {
    fail(ErrorCode::conflict,
         "the database is newer than this program: it has step {} of '{}', the "
         "program knows {}; start the version that wrote it, or restore a "
         "backup",
         done, owner, newest);
  }
  for (const Migration& migration : migrations) {
    if (migration.number <= done) continue;
    write([&](Transaction& tx) {
      tx.connection().script(migration.sql);
      tx.run("insert into migration (owner, number) values (?, ?)", owner,
             migration.number);
    });
  }
}

std::unique_ptr<Connection> Database::borrow() {
  std::unique_ptr<Connection> connection;
  {
    MutexLock lock(pool_mutex_);
    if (!pool_.empty()) {
      connection = std::move(pool_.back());
      pool_.pop_back();
    }
  }
  if (!connection) connection = std::make_unique<Connection>(file_, true);
  connection->run("begin");
  return connection;
}

void Database::give_back(std::unique_ptr<Connection> connection) {
  try {
    connection->run("commit");
  } catch (const Error&) {
    return;  // broken: drop it
  }
  MutexLock lock(pool_mutex_);
  if (pool_.size() < kPooledReaders) pool_.push_back(std::move(connection));
}

// One call of write(), while its thread waits.
struct Database::Write {
  Company company;
  const std::function<void(Transaction&)>& body;
  std::vector<std::function<void()>> after_commit;
  std::exception_ptr error;
  bool done = false;
};

// The thread that finds nobody writing commits for all who have come by then.
// Meanwhile others queue up; when it is done, one of them does the same.
void Database::run_write(Company company,
                         const std::function<void(Transaction&)>& body) {
  Write mine{company, body, {}, nullptr};
  {
    MutexLock lock(write_mutex_);
    waiting_.push_back(&mine);
    while (!mine.done) {
      if (writing_) {
        written_.wait(write_mutex_);
      } else {
        write_for_all();
      }
    }
  }
  if (mine.error) std::rethrow_exception(mine.error);
  for (const auto& action : mine.after_commit) action();
}

std::vector<Database::Write*> Database::next_batch() {
  std::size_t count = 1;
  if (waiting_.front()->company == Company::welcome) {
    while (count < waiting_.size() && count < kLargestBatch &&
           waiting_[count]->company == Company::welcome) {
      ++count;
    }
  }
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<Write*> batch(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  return batch;
}

void Database::write_for_all() {
  const std::vector<Write*> batch = next_batch();
  writing_ = true;
  write_mutex_.unlock();
  commit_together(batch);
  write_mutex_.lock();
  writing_ = false;
  for (Write* write : batch) write->done = true;
  written_.notify_all();
}

// Never throws: each write gets its error.
void Database::commit_together(std::span<Write* const> batch) {
  std::exception_ptr error;
  try {
    writer_->run("begin immediate");
    for (Write* write : batch) {
      run_one(*write, batch.size() == 1);
      // Then the writes before it are undone too, and those after it would
      // each commit by themselves.
      if (!writer_->in_transaction()) std::rethrow_exception(write->error);
    }
    if (batch.size() == 1 && batch[0]->error) {
      writer_->run("rollback");
    } else {
      writer_->run("commit");
      ++commits_;
    }
    return;
  } catch (...) {
    error = std::current_exception();
  }
  for (Write* write : batch) {
    if (!write->error) write->error = error;
  }
  try {
    if (writer_->in_transaction()) writer_->run("rollback");
  } catch (const Error&) {
  }
}

// A write among others is undone by itself.
void Database::run_one(Write& write, bool alone) {
  Transaction tx(*writer_);
  try {
    if (!alone) writer_->run("savepoint one_write");
    write.body(tx);
    if (!alone) writer_->run("release one_write");
    write.after_commit = std::move(tx.after_commit_);
  } catch (...) {
    write.error = std::current_exception();
    if (alone || !writer_->in_transaction()) return;
    writer_->run("rollback to one_write");
    writer_->run("release one_write");
  }
}

void Database::backup_to(const std::filesystem::path& file) {
  // A connection of its own: VACUUM wants no open transaction.
  Connection(file_, true).run("vacuum into ?", file.native());
}

std::string Database::check() {
  return read([](Connection& c) {
    Rows rows = c.query("pragma integrity_check");
    return rows.next() ? rows.text(0) : std::string("no answer");
  });
}

}  // namespace skerry
