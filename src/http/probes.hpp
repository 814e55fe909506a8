#pragma once

#include "http/reply.hpp"
#include "http/router.hpp"
#include "http/service.hpp"

namespace chartsight {

/// The answer of `/healthz` (the worker's event loop runs), `/readyz` (it is willing to take work) or
/// `/version`.
[[nodiscard]] Reply probe_reply(Route route, const Service& service);

}  // namespace chartsight
