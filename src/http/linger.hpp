#pragma once

#include "http/connection.hpp"

#include <boost/asio/awaitable.hpp>

namespace chartsight {

/// Lingering close: says that nothing more will come, then reads and drops what the client still sends until
/// it closes too, bounded in bytes (MAX_UPLOAD_BYTES) and time (5 s).
net::awaitable<void> close_gently(Connection& connection);

}  // namespace chartsight
