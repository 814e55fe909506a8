#pragma once

#include "chartsight/image/image.hpp"

#include <cstddef>

namespace chartsight {

/// While one lives, the three functions below serve its thread out of it and refuse what would go over its
/// limit. One a thread at a time. Blocks that are left when it dies stay valid; their owner frees them with
/// `free_pixels`.
class DecodeBudget {
public:
    explicit DecodeBudget(std::size_t limit);
    ~DecodeBudget();
    DecodeBudget(const DecodeBudget&) = delete;
    DecodeBudget& operator=(const DecodeBudget&) = delete;

    /// 16 · width · height + 2 · `bytes` + 1 MiB: what a picture needs that is what its header says. Only an
    /// interlaced PNG with three or four channels of 16 bits needs more (up to 28 · width · height); beyond
    /// the slack it is refused.
    [[nodiscard]] static std::size_t limit_for(const ImageInfo& info, std::size_t bytes);

    [[nodiscard]] std::size_t used() const { return used_; }   ///< bytes, of blocks not given back
    [[nodiscard]] bool exceeded() const { return exceeded_; }  ///< a request has been refused
    [[nodiscard]] bool take(std::size_t size);                 ///< false and nothing taken if over the limit
    void give_back(std::size_t size) { used_ -= size; }

private:
    std::size_t limit_;
    std::size_t used_{0};
    bool exceeded_{false};
};

// malloc, realloc and free for the decoder; null also where the thread has no budget. New blocks are zeroed:
// a damaged picture leaves parts of its buffers unwritten, and what another request left there must not
// become pixels.
[[nodiscard]] void* budget_malloc(std::size_t size);
[[nodiscard]] void* budget_realloc(void* block, std::size_t size);
void budget_free(void* block);

/// Frees a block that has outlived its budget, on any thread.
void free_pixels(void* block);

}  // namespace chartsight
