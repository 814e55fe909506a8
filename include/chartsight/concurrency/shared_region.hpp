#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace chartsight {

/// Anonymous memory shared with every process forked after it was made. Unmapped by the destructor, in this
/// process only.
class SharedRegion {
public:
    /// Zero-filled. Throws std::system_error where the system has none.
    explicit SharedRegion(std::size_t bytes);
    ~SharedRegion();
    SharedRegion(const SharedRegion&) = delete;
    SharedRegion& operator=(const SharedRegion&) = delete;

    [[nodiscard]] void* data() const { return data_; }

private:
    void* data_;
    std::size_t bytes_;
};

/// One `T` in shared memory. Its members must be lock-free atomics or never change after the fork.
template <class T>
class Shared {
    static_assert(std::is_trivially_destructible_v<T>);

public:
    template <class... Args>
    explicit Shared(Args&&... args)
        : region_(sizeof(T)), value_(new(region_.data()) T(std::forward<Args>(args)...)) {}

    [[nodiscard]] T& operator*() const { return *value_; }
    [[nodiscard]] T* operator->() const { return value_; }

private:
    SharedRegion region_;
    T* value_;
};

}  // namespace chartsight
