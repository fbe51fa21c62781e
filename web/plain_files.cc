// What stands in for the page when it was not built (-DSKERRY_WEB=OFF).

#include <array>

#include "files.h"

namespace skerry::web {
namespace {

constexpr std::string_view kDocument =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
    "<title>Skerry</title><h1>Skerry</h1>"
    "<p>This program was built without its page (SKERRY_WEB=OFF). Build it "
    "with <code>cmake -DSKERRY_WEB=ON</code>, which needs Node.js 20 and npm. "
    "The API under <code>/api/v1</code> and the <code>skerry</code> command "
    "work as always.</p></html>\n";

constexpr std::array kFiles = {File{"index.html", "text/html; charset=utf-8",
                                    "W/\"plain\"", kDocument, {}}};
constexpr std::array<std::string_view, 1> kPatterns = {"/"};

}  // namespace

std::span<const File> files() { return kFiles; }
std::span<const std::string_view> page_patterns() { return kPatterns; }

}  // namespace skerry::web
