#include "http/probes.hpp"

#include "chartsight/http/version.hpp"

#include <nlohmann/json.hpp>

namespace chartsight {

namespace {

using Json = nlohmann::ordered_json;

Reply json_reply(unsigned status, const Json& json) {
    Reply reply;
    reply.status = status;
    reply.body = json.dump() + "\n";
    return reply;
}

Json occupancy(const AdmissionBoard& board) {
    std::uint64_t running = 0;
    std::uint64_t queued = 0;
    std::uint64_t open = 0;
    for (std::size_t worker = 0; worker < board.workers; ++worker) {
        running += board.slots[worker].running.taken();
        queued += board.slots[worker].queued.taken();
        open += board.is_open(worker) ? 1 : 0;
    }
    return Json{{"workers", open},
                {"running", running},
                {"queued", queued},
                {"capacity", board.workers * board.capacity},
                {"queue_capacity", board.workers * board.queue_limit}};
}

}  // namespace

Reply probe_reply(Route route, const Service& service) {
    switch (route) {
        case Route::healthz: return json_reply(200, Json{{"status", "ok"}});
        case Route::readyz: {
            Json json{{"status", service.draining ? "draining" : "ready"}};
            json.update(occupancy(service.board));
            return json_reply(service.draining ? 503 : 200, json);
        }
        case Route::version:
            return json_reply(200,
                              Json{{"name", "chartsight"}, {"version", kVersion}, {"compiler", __VERSION__}});
        case Route::analyses: break;
    }
    return Reply{};
}

}  // namespace chartsight
