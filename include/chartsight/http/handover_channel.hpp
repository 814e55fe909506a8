#pragma once

#include <cstddef>
#include <vector>

namespace chartsight {

/// One socket pair per worker over which the others hand requests to it. Made by the supervisor before the
/// first fork and kept open by it, so that what was sent to a worker that died reaches its successor.
class HandoverChannel {
public:
    /// Throws std::system_error.
    explicit HandoverChannel(std::size_t workers);
    ~HandoverChannel();
    HandoverChannel(const HandoverChannel&) = delete;
    HandoverChannel& operator=(const HandoverChannel&) = delete;

    [[nodiscard]] std::size_t workers() const { return receivers_.size(); }
    [[nodiscard]] int sender(std::size_t worker) const { return senders_[worker]; }
    [[nodiscard]] int receiver(std::size_t worker) const { return receivers_[worker]; }

private:
    std::vector<int> senders_;
    std::vector<int> receivers_;
};

}  // namespace chartsight
