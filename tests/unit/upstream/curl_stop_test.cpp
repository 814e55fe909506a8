#include "curl_case.hpp"

namespace chartsight::test {
namespace {

TEST_F(CurlTransport, SendsNothingWhenItIsStoppedBefore) {
    const LoopbackServer server([](Peer&, int) {});
    std::stop_source source;
    source.request_stop();
    expect_error(post(server.url(), Deadline::after(std::chrono::seconds(60)), source.get_token()),
                 Errc::cancelled, "");
    EXPECT_EQ(server.connections(), 0);
}

TEST_F(CurlTransport, HangsUpAtOnceWhenItIsStoppedWhileItWaits) {
    std::stop_source source;
    bool saw_close = false;
    const auto start = Clock::now();
    {
        const LoopbackServer server([&](Peer& peer, int) {
            peer.read_request();
            source.request_stop();
            saw_close = peer.sees_close();
        });
        expect_error(post(server.url(), Deadline::after(std::chrono::seconds(60)), source.get_token()),
                     Errc::cancelled, "");
    }
    EXPECT_TRUE(saw_close);
    EXPECT_LT(Clock::now() - start, std::chrono::seconds(5));
}

TEST_F(CurlTransport, HangsUpAtOnceWhenItIsStoppedInTheMiddleOfTheBody) {
    body_ = TextBody(std::string(std::size_t{16} << 20U, 'x'));
    std::stop_source source;
    bool was_whole = true;
    {
        const LoopbackServer server([&](Peer& peer, int) {
            const std::string head = peer.read_head();
            EXPECT_FALSE(head.empty());
            source.request_stop();
            was_whole = !peer.sees_close();
        });
        expect_error(post(server.url(), Deadline::after(std::chrono::seconds(60)), source.get_token()),
                     Errc::cancelled, "");
    }
    EXPECT_FALSE(was_whole);
}

TEST_F(CurlTransport, HangsUpAtOnceWhenItIsStoppedInTheMiddleOfTheAnswer) {
    std::stop_source source;
    bool saw_close = false;
    {
        const LoopbackServer server([&](Peer& peer, int) {
            peer.read_request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"te");
            source.request_stop();
            saw_close = peer.sees_close();
        });
        expect_error(post(server.url(), Deadline::after(std::chrono::seconds(60)), source.get_token()),
                     Errc::cancelled, "");
    }
    EXPECT_TRUE(saw_close);
}

TEST_F(CurlTransport, WorksAgainAfterItWasStopped) {
    std::stop_source source;
    const LoopbackServer server([&](Peer& peer, int number) {
        peer.read_request();
        if (number == 0) {
            source.request_stop();
            peer.sees_close();
            return;
        }
        peer.answer("second");
    });
    expect_error(post(server.url(), Deadline::after(std::chrono::seconds(60)), source.get_token()),
                 Errc::cancelled, "");
    EXPECT_EQ(post(server.url())->body, "second");
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(CurlTransport, IgnoresAStopThatComesAfterTheAnswer) {
    std::stop_source source;
    const LoopbackServer server([](Peer& peer, int) {
        while (peer.read_request()) peer.answer("{}");
    });
    EXPECT_TRUE(post(server.url(), Deadline::after(std::chrono::seconds(60)), source.get_token()));
    source.request_stop();
    EXPECT_TRUE(post(server.url()));
    EXPECT_EQ(server.connections(), 1);
    transport_.reset();
}

}  // namespace
}  // namespace chartsight::test
