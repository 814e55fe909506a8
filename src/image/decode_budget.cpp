#include "image/decode_budget.hpp"

#include <cassert>
#include <cstdint>
#include <cstdlib>
#include <limits>

namespace chartsight {
namespace {

constinit thread_local DecodeBudget* current = nullptr;

// In front of each block, so that freeing knows what to give back. Keeps malloc's alignment.
struct alignas(std::max_align_t) BlockHeader {
    std::size_t size;  // with this header
};

constexpr std::size_t kMaxSize = std::numeric_limits<std::size_t>::max();

BlockHeader* header_of(void* block) {
    return static_cast<BlockHeader*>(block) - 1;
}

}  // namespace

DecodeBudget::DecodeBudget(std::size_t limit) : limit_(limit) {
    assert(current == nullptr);
    current = this;
}

DecodeBudget::~DecodeBudget() {
    current = nullptr;
}

std::size_t DecodeBudget::limit_for(const ImageInfo& info, std::size_t bytes) {
    constexpr std::size_t kSlack = std::size_t{1} << 20;
    const std::uint64_t pixels = std::uint64_t{info.width} * info.height;
    if (pixels > kMaxSize / 32 || bytes > kMaxSize / 8) return kMaxSize;
    return 16 * static_cast<std::size_t>(pixels) + 2 * bytes + kSlack;
}

bool DecodeBudget::take(std::size_t size) {
    if (size > limit_ - used_) {
        exceeded_ = true;
        return false;
    }
    used_ += size;
    return true;
}

void* budget_malloc(std::size_t size) {
    if (current == nullptr || size > kMaxSize - sizeof(BlockHeader)) return nullptr;
    const std::size_t whole = size + sizeof(BlockHeader);
    if (!current->take(whole)) return nullptr;
    auto* header = static_cast<BlockHeader*>(std::calloc(1, whole));
    if (header == nullptr) {
        current->give_back(whole);
        return nullptr;
    }
    header->size = whole;
    return header + 1;
}

void* budget_realloc(void* block, std::size_t size) {
    if (block == nullptr) return budget_malloc(size);
    if (current == nullptr || size > kMaxSize - sizeof(BlockHeader)) return nullptr;
    // Both blocks count while the old one is copied: that is what the process may hold at that moment.
    const std::size_t before = header_of(block)->size;
    const std::size_t whole = size + sizeof(BlockHeader);
    if (!current->take(whole)) return nullptr;
    auto* header = static_cast<BlockHeader*>(std::realloc(header_of(block), whole));
    if (header == nullptr) {
        current->give_back(whole);
        return nullptr;
    }
    current->give_back(before);
    header->size = whole;
    return header + 1;
}

void budget_free(void* block) {
    if (block == nullptr) return;
    if (current != nullptr) current->give_back(header_of(block)->size);
    std::free(header_of(block));
}

void free_pixels(void* block) {
    if (block != nullptr) std::free(header_of(block));
}

}  // namespace chartsight
