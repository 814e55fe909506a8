#pragma once

#include "http/connection.hpp"
#include "http/handover.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace chartsight {

/// Serves the requests of one connection until it closes. `handover` is the first one, if another worker has
/// read it already.
net::awaitable<void> run_session(std::shared_ptr<Connection> connection, std::optional<Handover> handover);

}  // namespace chartsight
