#include "curl_case.hpp"

#include <ctime>

namespace chartsight::test {
namespace {

std::string all_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 256);
    return bytes;
}

// Answers each request of each connection with its number.
void count_requests(Peer& peer, int) {
    for (int number = 1; peer.read_request(); ++number) peer.answer(std::to_string(number));
}

TEST_F(CurlTransport, PostsTheBodyByteForByte) {
    const std::string bytes = all_bytes(300'000);
    body_ = TextBody(bytes);
    std::optional<ReceivedRequest> request;
    {
        const LoopbackServer server([&](Peer& peer, int) {
            request = peer.read_request();
            peer.answer("{\"text\":\"up\"}");
        });
        const auto reply = post(server.url("/v1beta/models/m:generateContent"));
        ASSERT_TRUE(reply) << reply.error().detail;
        EXPECT_EQ(reply->status, 200);
        EXPECT_EQ(reply->body, "{\"text\":\"up\"}");
        EXPECT_FALSE(reply->retry_after);
    }
    ASSERT_TRUE(request);
    EXPECT_TRUE(request->head.starts_with("POST /v1beta/models/m:generateContent HTTP/1.1\r\n"))
        << request->head;
    EXPECT_EQ(request->body, bytes);
    EXPECT_TRUE(request->has_line("Content-Type: application/json"));
    EXPECT_TRUE(request->has_line("x-goog-api-key: secret"));
    EXPECT_TRUE(request->has_line("Accept-Encoding: gzip"));
    EXPECT_EQ(request->head.find("Expect"), std::string::npos);
    EXPECT_EQ(request->head.find("Transfer-Encoding"), std::string::npos);
}

TEST_F(CurlTransport, KeepsItsConnectionForTheNextCall) {
    const LoopbackServer server(count_requests);
    EXPECT_EQ(post(server.url())->body, "1");
    EXPECT_EQ(post(server.url())->body, "2");
    EXPECT_EQ(server.connections(), 1);
    transport_.reset();  // or the server would wait for a third
}

TEST_F(CurlTransport, SharesKeptConnectionsBetweenThreads) {
    const LoopbackServer server(count_requests);
    EXPECT_EQ(post(server.url())->body, "1");
    std::thread([&] { EXPECT_EQ(post(server.url())->body, "2"); }).join();
    EXPECT_EQ(server.connections(), 1);
    transport_.reset();
}

TEST_F(CurlTransport, ClosesConnectionsThatNobodyUses) {
    const LoopbackServer server(count_requests);
    const auto before = Clock::now();
    EXPECT_EQ(post(server.url())->body, "1");
    EXPECT_EQ(transport_->close_unused_since(before), 0U);
    EXPECT_EQ(transport_->close_unused_since(Clock::now() + std::chrono::seconds(1)), 1U);
    EXPECT_EQ(post(server.url())->body, "1");
    EXPECT_EQ(server.connections(), 2);
    transport_.reset();
}

TEST_F(CurlTransport, CanBeReplacedByAnotherOne) {
    const LoopbackServer server(count_requests);
    EXPECT_EQ(post(server.url())->body, "1");
    transport_.reset();
    transport_ = make_curl_transport({});
    EXPECT_EQ(post(server.url())->body, "1");
    EXPECT_EQ(server.connections(), 2);
    transport_.reset();
}

TEST_F(CurlTransport, StartsAgainWhenAKeptConnectionIsDead) {
    body_ = TextBody(all_bytes(100'000));
    const LoopbackServer server([](Peer& peer, int number) {
        if (number == 0) {
            peer.read_request();
            peer.answer("first");
            peer.read_request();
            return;  // closed without a byte
        }
        const auto request = peer.read_request();
        peer.answer(request && request->body == all_bytes(100'000) ? "all of it" : "not all");
    });
    EXPECT_EQ(post(server.url())->body, "first");
    const auto reply = post(server.url());
    ASSERT_TRUE(reply) << reply.error().detail;
    EXPECT_EQ(reply->body, "all of it");
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(CurlTransport, PassesAnyStatusOn) {
    for (const int status : {201, 302, 400, 429, 503}) {
        const LoopbackServer server([&](Peer& peer, int) {
            peer.read_request();
            peer.send("HTTP/1.1 " + std::to_string(status) +
                      " X\r\nLocation: /elsewhere\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody");
        });
        const auto reply = post(server.url());
        ASSERT_TRUE(reply) << reply.error().detail;
        EXPECT_EQ(reply->status, status);
        EXPECT_EQ(reply->body, "body");
        EXPECT_EQ(server.connections(), 1) << "followed a redirect";
    }
}

TEST_F(CurlTransport, UnpacksGzip) {
    const unsigned char packed[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab,
                                    0x56, 0x2a, 0x49, 0xad, 0x28, 0x51, 0xb2, 0x52, 0x2a, 0x2d, 0x50,
                                    0xaa, 0x05, 0x00, 0x65, 0xd3, 0xc3, 0x7b, 0x0d, 0x00, 0x00, 0x00};
    const std::string bytes(reinterpret_cast<const char*>(packed), sizeof packed);
    const LoopbackServer server([&](Peer& peer, int number) {
        peer.read_request();
        const auto sent = number == 0 ? bytes : "not gzip" + bytes;
        peer.answer(sent, "Content-Encoding: gzip\r\nConnection: close\r\n");
    });
    EXPECT_EQ(post(server.url())->body, "{\"text\":\"up\"}");
    expect_error(post(server.url()), Errc::upstream_invalid, "cut off or garbled");
}

TEST_F(CurlTransport, JoinsChunks) {
    const LoopbackServer server([](Peer& peer, int) {
        peer.read_request();
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        for (const char* chunk : {"1\r\n{\r\n", "a\r\n\"text\":\"up\r\n", "2\r\n\"}\r\n", "0\r\n\r\n"})
            peer.send(chunk);
    });
    EXPECT_EQ(post(server.url())->body, "{\"text\":\"up\"}");
}

TEST_F(CurlTransport, ReadsRetryAfterInBothForms) {
    const auto retry_after = [this](const std::string& value) {
        const LoopbackServer server([&](Peer& peer, int) {
            peer.read_request();
            peer.send("HTTP/1.1 429 X\r\nContent-Length: 0\r\nConnection: close\r\nRetry-After: " + value +
                      "\r\n\r\n");
        });
        return post(server.url())->retry_after;
    };
    EXPECT_EQ(retry_after("7"), std::chrono::seconds(7));
    char date[64];
    const std::time_t soon = std::time(nullptr) + 100;
    std::tm utc{};
    std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", ::gmtime_r(&soon, &utc));
    const auto until = retry_after(date);
    ASSERT_TRUE(until);
    EXPECT_LE(*until, std::chrono::seconds(100));
    EXPECT_GE(*until, std::chrono::seconds(90));
    EXPECT_FALSE(retry_after("Sun, 06 Nov 1994 08:49:37 GMT"));
    EXPECT_FALSE(retry_after("soon"));
}

}  // namespace
}  // namespace chartsight::test
