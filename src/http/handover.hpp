#pragma once

#include "chartsight/analysis/admission.hpp"
#include "chartsight/base/deadline.hpp"
#include "chartsight/http/handover_channel.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chartsight {

/// A request that another worker has a place for: its socket, the bytes read from it so far, and the claim to
/// the place.
struct Handover {
    int socket{-1};  ///< owned by whoever holds the Handover
    PlaceClaim claim;
    std::uint64_t request_number{0};
    Clock::time_point received;  ///< when the header was complete
    std::string bytes;
};

/// This worker's ends of the handover channels. Not thread-safe: used on the worker's io_context.
class HandoverPort {
public:
    /// Takes duplicates of the channel's descriptors.
    HandoverPort(net::any_io_executor executor, const HandoverChannel& channel, std::size_t self);

    /// Sends within one second, or false and everything stays the caller's. The other process gets its own
    /// descriptor of the socket; the caller closes its own one afterwards.
    net::awaitable<bool> send(std::size_t worker, Handover handover);

    /// The next one sent to this worker; nothing when the port was closed.
    net::awaitable<std::optional<Handover>> receive();

    void close();

private:
    std::vector<net::posix::stream_descriptor> senders_;
    net::posix::stream_descriptor receiver_;
    std::string buffer_;
};

}  // namespace chartsight
