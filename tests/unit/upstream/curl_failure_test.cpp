#include "curl_case.hpp"

#include <sys/socket.h>

namespace chartsight::test {
namespace {

using namespace std::chrono_literals;

TEST_F(CurlTransport, TellsAConnectionThatNobodyAccepts) {
    std::string url;
    {
        const LoopbackServer closed([](Peer&, int) {});
        url = closed.url("/?key=secret");
    }
    expect_error(post(url), Errc::upstream_unreachable, "no connection to Gemini");
    expect_error(post("http://nowhere.invalid/?key=secret"), Errc::upstream_unreachable,
                 "no connection to Gemini");
}

TEST_F(CurlTransport, SpeaksNothingButHttp) {
    for (const char* url : {"file:///etc/hostname", "ftp://127.0.0.1/secret", "secret", ""}) {
        expect_error(post(url), Errc::upstream_unreachable, "no connection to Gemini");
    }
}

TEST_F(CurlTransport, TellsAConnectionThatEndsBeforeTheAnswer) {
    for (const bool is_reset : {true, false}) {
        const LoopbackServer server([&](Peer& peer, int) {
            peer.read_request();
            if (is_reset) peer.reset();
        });
        expect_error(post(server.url("/?key=secret")), Errc::upstream_unreachable, "no connection to Gemini");
        EXPECT_EQ(server.connections(), 1);
    }
}

TEST_F(CurlTransport, RefusesAnAnswerThatIsCutOff) {
    for (const char* answer : {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"text\":",
                               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"text\":",
                               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk"}) {
        const LoopbackServer server([&](Peer& peer, int) {
            peer.read_request();
            peer.send(answer);
        });
        expect_error(post(server.url()), Errc::upstream_invalid, "cut off or garbled");
    }
}

TEST_F(CurlTransport, RefusesWhatIsNotHttp) {
    const LoopbackServer server([&](Peer& peer, int) {
        peer.read_request();
        peer.send("220 mail server ready\r\n");
    });
    expect_error(post(server.url()), Errc::upstream_invalid, "cut off or garbled");
}

TEST_F(CurlTransport, ReadsNoMoreThanItsLimit) {
    for (const bool is_announced : {true, false}) {
        const LoopbackServer server([&](Peer& peer, int number) {
            peer.read_request();
            const std::string body(number == 0 ? 1000 : 1001, 'x');
            if (is_announced) return peer.answer(body, "Connection: close\r\n");
            peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body);
        });
        EXPECT_EQ(post(server.url())->body, std::string(1000, 'x'));
        expect_error(post(server.url()), Errc::upstream_invalid, "Gemini's answer is larger than 1000 bytes");
    }
}

TEST_F(CurlTransport, EndsAtItsDeadlineAndHangsUp) {
    bool saw_close = false;
    {
        const LoopbackServer server([&](Peer& peer, int) {
            peer.read_request();
            saw_close = peer.sees_close();
        });
        expect_error(post(server.url(), Deadline::after(30ms)), Errc::deadline_exceeded,
                     "Gemini did not answer within");
    }
    EXPECT_TRUE(saw_close);
}

TEST_F(CurlTransport, SendsNothingAfterItsDeadline) {
    const LoopbackServer server([](Peer&, int) {});
    expect_error(post(server.url(), Deadline::at({})), Errc::deadline_exceeded,
                 "Gemini did not answer within 0 ms");
    EXPECT_EQ(server.connections(), 0);
}

// A listener whose queue is full drops what else knocks, so that connecting takes forever.
TEST_F(CurlTransport, TellsSlowConnectingFromASlowAnswer) {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(::bind(listener, any, size), 0);
    ASSERT_EQ(::listen(listener, 0), 0);
    ASSERT_EQ(::getsockname(listener, any, &size), 0);
    const int first = ::socket(AF_INET, SOCK_STREAM, 0);
    ASSERT_EQ(::connect(first, any, size), 0);
    const std::string url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";

    expect_error(post(url, Deadline::after(30ms)), Errc::deadline_exceeded, "Gemini did not answer within");
    TransportOptions options;
    options.connect_timeout = 30ms;
    transport_ = make_curl_transport(options);
    expect_error(post(url), Errc::upstream_unreachable, "no connection to Gemini");
    ::close(first);
    ::close(listener);
}

}  // namespace
}  // namespace chartsight::test
