#include "upstream/curl_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

namespace chartsight {

namespace {

constexpr long kUploadBuffer = 64L << 10;

template <class T>
T info_of(CURL* easy, CURLINFO what) {
    T value{};
    curl_easy_getinfo(easy, what, &value);
    return value;
}

}  // namespace

CurlExchange::CurlExchange(CURL* easy, const HttpCall& call, const TransportOptions& options,
                           const TrustStore& trusted)
    : easy_(easy), call_(call) {
    for (const std::string& header : call.headers) add_header(header.c_str());
    add_header("Content-Type: application/json");
    add_header("Expect:");  // none: waiting for "100 Continue" costs a round trip, or a second of silence
    set_up(options);
    set_up_trust(trusted);
}

CurlExchange::~CurlExchange() {
    curl_easy_reset(easy_);
}

void CurlExchange::add_header(const char* line) {
    curl_slist* const longer = curl_slist_append(headers_.get(), line);
    if (longer == nullptr) throw std::bad_alloc();
    if (!headers_) headers_.reset(longer);  // appending to a list keeps its head
}

void CurlExchange::set_up(const TransportOptions& options) {
    const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_, option, value); };
    set(CURLOPT_URL, call_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_HTTPHEADER, headers_.get());
    set(CURLOPT_ACCEPT_ENCODING, "gzip");

    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call_.body->size()));
    set(CURLOPT_READFUNCTION, &CurlExchange::on_read);
    set(CURLOPT_READDATA, static_cast<void*>(this));
    set(CURLOPT_SEEKFUNCTION, &CurlExchange::on_seek);
    set(CURLOPT_SEEKDATA, static_cast<void*>(this));
    set(CURLOPT_UPLOAD_BUFFERSIZE, kUploadBuffer);
    set(CURLOPT_WRITEFUNCTION, &CurlExchange::on_write);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));

    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));

    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TCP_NODELAY, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(CURLOPT_QUICK_EXIT, 1L);  // a name lookup cannot be stopped: leave it behind rather than wait for it
}

void CurlExchange::set_up_trust(const TrustStore& trusted) {
    const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_, option, value); };
    set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    set(CURLOPT_SSL_CTX_FUNCTION, &CurlExchange::on_tls_context);
    set(CURLOPT_SSL_CTX_DATA, const_cast<void*>(static_cast<const void*>(&trusted)));
}

CURLcode CurlExchange::on_tls_context(CURL*, void* context, void* trusted) {
    static_cast<const TrustStore*>(trusted)->install(static_cast<SSL_CTX*>(context));
    return CURLE_OK;
}

std::size_t CurlExchange::on_read(char* out, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<CurlExchange*>(self);
    const std::size_t read = exchange.call_.body->read(exchange.sent_, std::span(out, size * count));
    exchange.sent_ += read;
    return read;
}

int CurlExchange::on_seek(void* self, curl_off_t offset, int origin) {
    if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<CurlExchange*>(self)->sent_ = static_cast<std::size_t>(offset);
    return CURL_SEEKFUNC_OK;
}

// Anything but the number of bytes given makes libcurl end the transfer.
std::size_t CurlExchange::on_write(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<CurlExchange*>(self);
    const std::size_t length = size * count;
    std::string& answer = exchange.answer_;
    const std::size_t most = exchange.call_.max_answer_bytes;
    if (length > most - answer.size()) {
        exchange.is_over_limit_ = true;
        return 0;
    }
    try {
        if (answer.empty()) {
            const auto announced = info_of<curl_off_t>(exchange.easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
            if (announced > 0) answer.reserve(std::min(static_cast<std::size_t>(announced), most));
        }
        answer.append(bytes, length);
    } catch (const std::bad_alloc&) {
        exchange.is_out_of_memory_ = true;
        return 0;
    }
    return length;
}

Result<HttpReply> CurlExchange::finish(CURLcode code) {
    if (code != CURLE_OK) return std::unexpected(error_of(code));
    HttpReply reply;
    reply.status = static_cast<int>(info_of<long>(easy_, CURLINFO_RESPONSE_CODE));
    reply.body = std::move(answer_);
    // Seconds, also of a header that is a date; 0 without one.
    const auto retry_after = info_of<curl_off_t>(easy_, CURLINFO_RETRY_AFTER);
    if (retry_after > 0) reply.retry_after = std::chrono::seconds(retry_after);
    return reply;
}

Error CurlExchange::error_of(CURLcode code) const {
    const char* const what = curl_easy_strerror(code);  // libcurl's own error buffer may quote the URL
    if (is_over_limit_) {
        return {Errc::upstream_invalid,
                fmt::format("Gemini's answer is larger than {} bytes", call_.max_answer_bytes), std::nullopt};
    }
    if (is_out_of_memory_) {
        return {Errc::internal, "no memory for Gemini's answer", std::nullopt};
    }
    // The one code means a URL of another scheme, but also, once connected, an answer that is not HTTP.
    // CURLE_OUT_OF_MEMORY is how libcurl says that a header is longer than it reads.
    const bool is_not_http =
        code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_OUT_OF_MEMORY ||
        (code == CURLE_UNSUPPORTED_PROTOCOL && info_of<curl_off_t>(easy_, CURLINFO_PRETRANSFER_TIME_T) > 0);
    if (is_not_http || info_of<long>(easy_, CURLINFO_RESPONSE_CODE) != 0) {
        return {Errc::upstream_invalid, fmt::format("Gemini's answer was cut off or garbled: {}", what),
                std::nullopt};
    }
    return {Errc::upstream_unreachable, fmt::format("no connection to Gemini: {}", what), std::nullopt};
}

}  // namespace chartsight
