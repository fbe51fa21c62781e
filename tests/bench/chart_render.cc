// What rendering a chart costs inside of the daemon, with everything warm: the
// chart is in memory and its templates were parsed before; the release's name
// is another one each time, so that no earlier result is handed out.
//
//   chart_render_bench CHART.tgz [AT_MOST_MILLISECONDS]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "chart/render.h"
#include "core/error.h"
#include "core/tree/tree.h"

namespace {

using namespace skerry;
using Clock = std::chrono::steady_clock;

constexpr int kWarm = 20;
constexpr int kRounds = 500;
constexpr double kMostSeconds = 10;

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin)
      .count();
}

double render_once(chart::Renderer& renderer, const Tree& tree, int round) {
  chart::RenderOptions options;
  options.release_name = fmt::format("release-{}", round);
  const auto begin = Clock::now();
  const chart::Rendered rendered = renderer.render(tree, "", options);
  const double time = milliseconds_since(begin);
  if (rendered.manifests.empty()) fail(ErrorCode::invalid, "nothing is made");
  return time;
}

int run(const std::string& file, double bound) {
  std::ifstream in(file, std::ios::binary);
  const std::string archive{std::istreambuf_iterator<char>(in), {}};
  const auto packed = open_archive_tree(archive);
  // A packaged chart is a folder of the chart's name.
  const std::shared_ptr<const Tree> tree =
      make_subtree(std::shared_ptr<const Tree>(open_archive_tree(archive)),
                   packed->list("").at(0).name);
  std::vector<double> times;
  chart::Renderer renderer;
  const double first = render_once(renderer, *tree, 0);
  for (int i = 1; i < kWarm; ++i) render_once(renderer, *tree, i);
  const auto begin = Clock::now();
  for (int i = 0; i < kRounds; ++i) {
    times.push_back(render_once(renderer, *tree, kWarm + i));
    if (milliseconds_since(begin) > kMostSeconds * 1000) break;
  }
  std::sort(times.begin(), times.end());
  const double median = times[times.size() / 2];
  fmt::print("first {:.3f} ms, then median {:.3f} ms, p99 {:.3f} ms{}\n", first,
             median, times[times.size() * 99 / 100],
             bound > 0 ? fmt::format(" (aim: at most {} ms)", bound) : "");
  return bound > 0 && median > bound ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: chart_render_bench CHART.tgz [MILLISECONDS]\n");
    return 2;
  }
  try {
    return run(argv[1], argc > 2 ? std::strtod(argv[2], nullptr) : 0);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
