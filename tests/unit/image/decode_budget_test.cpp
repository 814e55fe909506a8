#include "image/decode_budget.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <thread>

namespace chartsight {
namespace {

constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();

TEST(DecodeBudget, AllowsWhatAPictureNeeds) {
    EXPECT_EQ(DecodeBudget::limit_for({ImageFormat::png, 100, 10}, 500), 16'000U + 1'000U + (1U << 20));
}

TEST(DecodeBudget, DoesNotOverflowForImpossibleSides) {
    EXPECT_EQ(DecodeBudget::limit_for({ImageFormat::png, 0xFFFFFFFF, 0xFFFFFFFF}, 500), kMost);
    EXPECT_EQ(DecodeBudget::limit_for({ImageFormat::png, 1, 1}, kMost), kMost);
}

TEST(DecodeBudget, TakesAndGetsBack) {
    const DecodeBudget budget(1000);
    void* block = budget_malloc(500);
    ASSERT_NE(block, nullptr);
    EXPECT_GE(budget.used(), 500U);
    EXPECT_EQ(budget_malloc(500), nullptr);
    EXPECT_TRUE(budget.exceeded());
    budget_free(block);
    EXPECT_EQ(budget.used(), 0U);
    block = budget_malloc(900);
    EXPECT_NE(block, nullptr);
    budget_free(block);
}

TEST(DecodeBudget, KeepsTheOldBlockWhenGrowingIsRefused) {
    const DecodeBudget budget(1000);
    auto* block = static_cast<char*>(budget_malloc(100));
    ASSERT_NE(block, nullptr);
    block[99] = 'x';
    const std::size_t before = budget.used();
    EXPECT_EQ(budget_realloc(block, 5000), nullptr);
    EXPECT_EQ(budget.used(), before);
    auto* larger = static_cast<char*>(budget_realloc(block, 300));
    ASSERT_NE(larger, nullptr);
    EXPECT_EQ(larger[99], 'x');
    EXPECT_EQ(budget.used(), before + 200);
    budget_free(larger);
    EXPECT_EQ(budget.used(), 0U);
}

TEST(DecodeBudget, GivesZeroedAndAlignedBlocks) {
    const DecodeBudget budget(1000);
    for (int round = 0; round < 3; ++round) {
        auto* block = static_cast<unsigned char*>(budget_malloc(200));
        ASSERT_NE(block, nullptr);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t), 0U);
        for (int i = 0; i < 200; ++i) EXPECT_EQ(block[i], 0) << i;
        for (int i = 0; i < 200; ++i) block[i] = 0xAB;
        budget_free(block);
    }
}

TEST(DecodeBudget, RefusesSizesThatWouldWrapAround) {
    const DecodeBudget budget(kMost);
    void* block = budget_malloc(10);
    EXPECT_EQ(budget_malloc(kMost), nullptr);
    EXPECT_EQ(budget_realloc(block, kMost - 3), nullptr);
    budget_free(block);
    EXPECT_EQ(budget.used(), 0U);
}

TEST(DecodeBudget, ServesOnlyItsOwnThreadAndOnlyWhileItLives) {
    void* block = nullptr;
    {
        const DecodeBudget budget(1000);
        block = budget_malloc(10);
        std::thread([] { EXPECT_EQ(budget_malloc(10), nullptr); }).join();
    }
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(budget_malloc(10), nullptr);
    EXPECT_EQ(budget_realloc(block, 20), nullptr);
    free_pixels(block);
    free_pixels(nullptr);
    budget_free(nullptr);
}

}  // namespace
}  // namespace chartsight
