#include "http/accept.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace chartsight {
namespace {

void expect_each(AnswerForm form, std::initializer_list<std::string_view> headers) {
    for (const std::string_view header : headers) {
        EXPECT_TRUE(choose_answer_form(header) == form) << header;
    }
}

TEST(Accept, GivesThePictureToWhoAsksForOne) {
    expect_each(AnswerForm::picture, {
                                         "image/png",
                                         "image/jpeg",
                                         "image/webp",
                                         "image/*",
                                         "IMAGE/PNG",
                                         " image/png ;q=0.001",
                                         "image/png;foo=\"a,b;q=0\"",
                                         "image/png;Q=1.000",
                                         "image/png, application/json;q=0.9",
                                         "application/json;q=0.9, image/png",
                                         "image/*;q=0.5, */*;q=0.4",
                                         "image/png, application/*;q=0.5",
                                         "image/png;q=0, image/*",
                                         "image/png;q=0.5, application/json;q=0.1, */*",
                                         "image/png, text/html;q=0.9",
                                         "garbage, image/png",
                                         "image/png, application/json;q=2",
                                     });
}

TEST(Accept, GivesThePictureToAnImageTag) {
    expect_each(AnswerForm::picture,
                {
                    "image/avif,image/webp,image/png,*/*;q=0.8",
                    "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
                    "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
                });
}

TEST(Accept, GivesJsonToABrowsersPage) {
    expect_each(
        AnswerForm::json,
        {
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
            "application/signed-exchange;v=b3;q=0.7",
            "text/*, image/png",
        });
}

TEST(Accept, GivesJsonToEverybodyElse) {
    expect_each(AnswerForm::json, {
                                      "",
                                      " ",
                                      "*/*",
                                      "application/json",
                                      "application/*",
                                      "application/problem+json",
                                      "application/json, text/plain, */*",
                                      "application/json, image/png",
                                      "image/png, application/json",
                                      "image/png, */*",
                                      "image/png;q=0.9, application/json",
                                      "image/png;q=0.5, */*;q=0.5",
                                      "image/png;q=0.5, application/*;q=0.4, application/json;q=0.6",
                                      "image/png;q=0.5, application/problem+json",
                                      "image/*;q=0",
                                      "image/png;q=0.000",
                                      "image/gif",
                                      "image/avif, image/svg+xml",
                                      "text/plain",
                                  });
}

TEST(Accept, GivesJsonForGarbage) {
    expect_each(AnswerForm::json, {
                                      ",",
                                      ",,;,",
                                      "image",
                                      "image/",
                                      "/png",
                                      "image/png/x",
                                      "image /png",
                                      "image/png;q=",
                                      "image/png;q=2",
                                      "image/png;q=1.001",
                                      "image/png;q=0.1234",
                                      "image/png;q=.5",
                                      "image/png;q=-1",
                                      "image/png;q=0,5",
                                      "image/png;q=0x1",
                                      "image/png;q=00.5",
                                      "\"image/png",
                                      "\"image/png\\",
                                      "\xff\xfe",
                                  });
}

TEST(Accept, TakesTheSmallestDifferenceSeriously) {
    expect_each(AnswerForm::picture,
                {"image/png;q=0.501, */*;q=0.5", "image/png;q=0.51, application/json;q=0.509"});
    expect_each(AnswerForm::json,
                {"image/png;q=0.5, */*;q=0.501", "image/png;q=0.5, application/json;q=0.500"});
}

}  // namespace
}  // namespace chartsight
