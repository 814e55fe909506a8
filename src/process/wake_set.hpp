#pragma once

#include <cstddef>
#include <vector>

namespace chartsight {

/// One eventfd per worker: any process can make a worker look at the board, without blocking and as often as
/// it likes. Made by the supervisor before the first fork and kept open by it.
class WakeSet {
public:
    /// Throws std::system_error.
    explicit WakeSet(std::size_t workers);
    ~WakeSet();
    WakeSet(const WakeSet&) = delete;
    WakeSet& operator=(const WakeSet&) = delete;

    void wake(std::size_t worker) const;
    void wake_all() const;
    [[nodiscard]] int descriptor(std::size_t worker) const { return descriptors_[worker]; }

private:
    std::vector<int> descriptors_;
};

}  // namespace chartsight
