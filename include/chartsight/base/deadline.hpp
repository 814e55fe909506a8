#pragma once

#include <algorithm>
#include <chrono>

namespace chartsight {

using Clock = std::chrono::steady_clock;

/// One absolute point in time, handed down with a request: nobody below may wait past it.
class Deadline {
public:
    [[nodiscard]] static Deadline at(Clock::time_point when) { return Deadline(when); }
    [[nodiscard]] static Deadline after(Clock::duration span) { return Deadline(Clock::now() + span); }

    [[nodiscard]] Clock::time_point when() const { return when_; }
    [[nodiscard]] bool passed(Clock::time_point now = Clock::now()) const { return now >= when_; }

    /// Time left, never negative.
    [[nodiscard]] std::chrono::milliseconds left(Clock::time_point now = Clock::now()) const {
        return std::max(std::chrono::milliseconds{0},
                        std::chrono::duration_cast<std::chrono::milliseconds>(when_ - now));
    }

    /// The earlier of this deadline and `span` from now.
    [[nodiscard]] Deadline sooner(Clock::duration span) const {
        return Deadline(std::min(when_, Clock::now() + span));
    }

private:
    explicit Deadline(Clock::time_point when) : when_(when) {}

    Clock::time_point when_;
};

}  // namespace chartsight
