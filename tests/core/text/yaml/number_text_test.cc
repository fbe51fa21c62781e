#include <gtest/gtest.h>

#include "core/text/float_text.h"

namespace skerry {
namespace {

TEST(FloatText, PrintsTheFormsOfGo) {
  EXPECT_EQ(format_float_g(1e6), "1e+06");
  EXPECT_EQ(format_float_g(123456), "123456");
  EXPECT_EQ(format_float_g(0.0001), "0.0001");
  EXPECT_EQ(format_float_g(0.00001), "1e-05");
  EXPECT_EQ(format_float_g(-1.5), "-1.5");
  EXPECT_EQ(format_float_g(0), "0");
  EXPECT_EQ(format_float_json(1e20), "100000000000000000000");
  EXPECT_EQ(format_float_json(1e21), "1e+21");
  EXPECT_EQ(format_float_json(1e-6), "0.000001");
  EXPECT_EQ(format_float_json(1e-7), "1e-7");
  EXPECT_EQ(format_float32_g(0.1), "0.1");
}

}  // namespace
}  // namespace skerry
