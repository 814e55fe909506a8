#include "http/analysis_handler.hpp"

#include "chartsight/base/log.hpp"
#include "http/accept.hpp"
#include "http/access_log.hpp"
#include "http/analysis_json.hpp"
#include "http/content_type.hpp"
#include "http/disconnect_watch.hpp"
#include "http/problem.hpp"
#include "http/read_body.hpp"
#include "http/respond.hpp"
#include "http/upload.hpp"

#include <boost/beast/core/string.hpp>
#include <fmt/format.h>

#include <unistd.h>

namespace chartsight {

namespace {

/// What the header alone says of an upload.
struct UploadHead {
    ContentType content_type;
    UploadOptions options;
    AnswerForm form{AnswerForm::json};
};

/// Everything that can be refused before a place is taken and a byte of the body is read.
Result<UploadHead> read_upload_head(const Exchange& exchange, const Target& target, const Service& service) {
    const auto expect = exchange.header(http::field::expect);
    if (!expect.empty() && !beast::iequals(expect, "100-continue")) {
        return fail(Errc::expectation_failed, "Expect: allowed: 100-continue");
    }
    const auto length = exchange.parser.content_length();
    if (!length && !exchange.parser.chunked()) {
        return fail(Errc::length_required, "send the image as the body, with Content-Length or chunked");
    }
    if (length && *length > service.options.max_upload_bytes) {
        return fail(Errc::payload_too_large, fmt::format("the body has {} bytes; MAX_UPLOAD_BYTES allows {}",
                                                         *length, service.options.max_upload_bytes));
    }
    auto content_type = parse_content_type(exchange.header(http::field::content_type));
    if (!content_type) return std::unexpected(content_type.error());
    if (auto fits = check_upload_head(*content_type, service.upload_rules); !fits) {
        return std::unexpected(fits.error());
    }
    auto options = read_query_options(target, service.upload_rules);
    if (!options) return std::unexpected(options.error());
    const auto form = choose_answer_form(exchange.header(http::field::accept));
    return UploadHead{std::move(*content_type), std::move(*options), form};
}

Result<Upload> read_upload_blocking(ContentType content_type, SharedBytes body, UploadOptions from_query,
                                    const UploadRules* rules) {
    return read_upload(content_type, std::move(body), from_query, *rules);
}

Pictures pictures_of(const UploadOptions& options, AnswerForm form) {
    if (form == AnswerForm::picture) return Pictures::wanted;
    if (!options.annotate) return Pictures::unspecified;
    return *options.annotate ? Pictures::wanted : Pictures::unwanted;
}

Reply picture_reply(Picture picture) {
    Reply reply;
    reply.content_type = std::move(picture.mime_type);
    reply.body = std::move(picture.bytes);
    return reply;
}

/// The client left: nobody to answer, one line for the log.
void log_client_gone(const Exchange& exchange) {
    write_access_log(exchange, AccessRecord{499, 0, name_of(Errc::client_gone)}, "client_gone");
}

/// Gives the request to the worker in which `ticket` holds a place. False if that did not work out.
net::awaitable<bool> hand_over(Connection& connection, Exchange& exchange, Ticket ticket) {
    const auto bytes = connection.buffer.cdata();
    const std::size_t worker = ticket.worker();
    Handover handover;
    handover.socket = connection.socket.native_handle();
    handover.request_number = exchange.id.number();
    handover.received = exchange.received;
    handover.bytes.assign(static_cast<const char*>(bytes.data()), bytes.size());
    handover.claim = ticket.claim();
    const bool sent = co_await connection.service.handover.send(worker, std::move(handover));
    if (!sent) co_return false;
    ticket.surrender();
    ::close(connection.release_socket());
    log::debug(exchange.id.to_string(), "Handed over", {{"worker", std::to_string(worker)}});
    co_return true;
}

}  // namespace

net::awaitable<bool> serve_analysis(std::shared_ptr<Connection> connection, Exchange& exchange, Target target,
                                    std::optional<PlaceClaim> claim) {
    Service& service = connection->service;
    auto head = read_upload_head(exchange, target, service);
    if (!head) {
        const Next next = co_await respond_with(*connection, exchange, head.error());
        co_return next == Next::read_on;
    }

    // admit
    std::optional<DisconnectWatch> watch;
    watch.emplace(connection);
    auto ticket = co_await service.admission.admit(claim, watch->token());
    watch.reset();
    exchange.times.queue = elapsed(exchange.received);
    if (!ticket && ticket.error().code == Errc::client_gone) {
        log_client_gone(exchange);
        co_return false;
    }
    if (!ticket) {
        const Next next = co_await respond_with(*connection, exchange, ticket.error());
        co_return next == Next::read_on;
    }
    if (ticket->worker() != service.admission.self() || ticket->kind() != PlaceClaim::running) {
        const bool handed_over = co_await hand_over(*connection, exchange, std::move(*ticket));
        if (handed_over) co_return false;
        Error full{Errc::overloaded, "the worker with a free place did not answer; try again",
                   service.admission.retry_after()};
        const Next next = co_await respond_with(*connection, exchange, std::move(full));
        co_return next == Next::read_on;
    }
    const Deadline deadline = Deadline::after(service.options.request_timeout);

    // read body
    const auto reading_since = Clock::now();
    auto body_read = co_await read_body(*connection, exchange, deadline);
    exchange.times.receive = elapsed(reading_since);
    if (!body_read && body_read.error().code == Errc::client_gone) {
        log_client_gone(exchange);
        co_return false;
    }
    if (!body_read) {
        const Next next = co_await respond_with(*connection, exchange, body_read.error());
        co_return next == Next::read_on;
    }

    // read upload
    watch.emplace(connection);
    auto body = SharedBytes::of(std::move(exchange.parser.get().body()));
    auto upload =
        co_await service.calls.run(exchange.id, read_upload_blocking, std::move(head->content_type),
                                   std::move(body), std::move(head->options), &service.upload_rules);
    if (!upload.result) {
        watch.reset();
        const Next next = co_await respond_with(*connection, exchange, upload.result.error());
        co_return next == Next::read_on;
    }
    const std::string file_name = upload.result->file_name.value_or("image");
    exchange.id.name_after(file_name);
    log::info(exchange.id.to_string(), "Received upload request: " + log::escaped(file_name));

    // analyze
    AnalysisRequest request;
    request.id = exchange.id;
    request.image = std::move(upload.result->image);
    request.prompt = std::move(upload.result->options.prompt);
    request.model = upload.result->options.model;
    request.pictures = pictures_of(upload.result->options, head->form);
    auto outcome = co_await service.analyzer.analyze(std::move(request), deadline, watch->token());
    const bool client_gone = watch->client_gone();
    watch.reset();
    exchange.times.check = outcome.times.check;
    exchange.times.decode = outcome.times.decode;
    exchange.times.upstream = outcome.times.upstream;
    exchange.tries = outcome.attempts.size();
    if (client_gone) {
        log_client_gone(exchange);
        co_return false;
    }
    if (!outcome.analysis) {
        const Next next = co_await respond_with(*connection, exchange, outcome.analysis.error());
        co_return next == Next::read_on;
    }
    log::info(exchange.id.to_string(), "Analysis complete, returning results");
    ++service.board.slots[service.admission.self()].served;

    // respond
    Reply reply;
    if (head->form == AnswerForm::picture && outcome.analysis->answer.picture) {
        reply = picture_reply(std::move(*outcome.analysis->answer.picture));
    } else {
        AnswerParts parts;
        parts.request_id = exchange.id.to_string();
        parts.correlation_id = exchange.correlation_id;
        parts.model = std::move(upload.result->options.model);
        parts.analysis = std::move(*outcome.analysis);
        parts.attempts = std::move(outcome.attempts);
        parts.times = exchange.times;
        parts.total = elapsed(exchange.received);
        auto json = co_await service.calls.run(exchange.id, write_analysis_json, std::move(parts));
        if (json.result) reply.body = std::move(*json.result);
        if (!json.result) reply = problem_reply(json.result.error(), exchange.id.to_string());
    }
    ticket = fail(Errc::internal, "given back");
    const Next next = co_await respond(*connection, exchange, std::move(reply));
    co_return next == Next::read_on;
}

}  // namespace chartsight
