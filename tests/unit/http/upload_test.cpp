#include "http/upload.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace chartsight {
namespace {

const UploadRules kRules{"flash", {"flash", "pro"}, "Describe the chart.", 32};

ContentType type_of(std::string_view header) {
    return parse_content_type(header).value();
}

UploadOptions query(const std::string& text) {
    return read_query_options(parse_target("/analyze?" + text).value(), kRules).value();
}

struct Field {
    std::string name;
    std::string body;
    std::string file_name;
};

Result<Upload> read_form(const std::vector<Field>& fields, const UploadOptions& from_query = query("")) {
    std::string body;
    for (const Field& field : fields) {
        body += "--abc\r\nContent-Disposition: form-data; name=\"" + field.name + "\"";
        if (!field.file_name.empty()) body += "; filename=\"" + field.file_name + "\"";
        body += "\r\n\r\n" + field.body + "\r\n";
    }
    return read_upload(type_of("multipart/form-data; boundary=abc"), SharedBytes::of(body + "--abc--\r\n"),
                       from_query, kRules);
}

template <class T>
void expect_refused(const Result<T>& result, Errc code, std::string_view reason) {
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(name_of(result.error().code), name_of(code));
    EXPECT_NE(result.error().detail.find(reason), std::string::npos) << result.error().detail;
}

TEST(Upload, LetsTypesThatMayHoldAnImageIn) {
    for (const std::string_view header :
         {"", "image/png", "IMAGE/JPEG", "image/heic", "application/octet-stream",
          "application/x-www-form-urlencoded", "multipart/form-data; boundary=abc"}) {
        EXPECT_TRUE(check_upload_head(type_of(header), kRules).has_value()) << header;
    }
}

TEST(Upload, RefusesOtherTypesBeforeTheBodyIsRead) {
    for (const std::string_view header :
         {"text/plain", "text/html; charset=utf-8", "application/json", "application/xml", "application/pdf",
          "multipart/mixed; boundary=abc", "multipart/related", "video/mp4", "imagex/png"}) {
        SCOPED_TRACE(header);
        expect_refused(check_upload_head(type_of(header), kRules), Errc::unsupported_image,
                       "allowed: multipart/form-data, image/*");
    }
}

TEST(Upload, RefusesAFormWithoutALegalBoundary) {
    expect_refused(check_upload_head(type_of("multipart/form-data"), kRules), Errc::invalid_multipart,
                   "without a boundary");
    expect_refused(check_upload_head(type_of("multipart/form-data; boundary=\"\""), kRules),
                   Errc::invalid_multipart, "boundary");
    expect_refused(
        check_upload_head(type_of("multipart/form-data; boundary=" + std::string(71, 'a')), kRules),
        Errc::invalid_multipart, "1 to 70");
    expect_refused(read_upload(type_of("multipart/form-data"), SharedBytes::of("x"), query(""), kRules),
                   Errc::invalid_multipart, "without a boundary");
}

TEST(Upload, TakesARawBodyAsTheImage) {
    const auto body = SharedBytes::of("pixels");
    const auto upload =
        read_upload(type_of("image/png"), body, query("filename=sales.png&model=pro"), kRules);
    ASSERT_TRUE(upload.has_value());
    EXPECT_EQ(upload->image.view.data(), body.view.data());
    EXPECT_EQ(upload->image.view, "pixels");
    EXPECT_EQ(upload->image.owner, body.owner);
    EXPECT_EQ(upload->file_name, "sales.png");
    EXPECT_EQ(upload->options.model, "pro");
}

TEST(Upload, RefusesAnEmptyRawBody) {
    expect_refused(read_upload(type_of(""), SharedBytes::of(""), query(""), kRules), Errc::missing_image,
                   "the body is empty");
}

TEST(Upload, FindsTheImagePartUnderEitherName) {
    for (const std::string name : {"file", "image"}) {
        const auto upload = read_form({{"other", "1", ""}, {name, "pixels", "chart.png"}});
        ASSERT_TRUE(upload.has_value()) << upload.error().detail;
        EXPECT_EQ(upload->image.view, "pixels");
        EXPECT_EQ(upload->file_name, "chart.png");
    }
}

TEST(Upload, KeepsTheImageInsideTheBodyItShares) {
    const auto upload = read_form({{"file", "pixels", ""}});
    ASSERT_TRUE(upload.has_value());
    const std::string& owner = *upload->image.owner;
    EXPECT_EQ(upload->image.view.data(), owner.data() + owner.find("pixels"));
    EXPECT_FALSE(upload->file_name.has_value());
}

TEST(Upload, ListsThePartsIfNoneIsAnImage) {
    expect_refused(read_form({}), Errc::missing_image,
                   "no part named 'file' or 'image'; the form has no parts");
    expect_refused(read_form({{"File", "x", "a.png"}, {"b\xc3\xa4", "y", ""}}), Errc::missing_image,
                   "the parts are: 'File', 'b\\xc3\\xa4'");
    expect_refused(read_form(std::vector<Field>(12, Field{"x", "y", ""})), Errc::missing_image,
                   "'x' and 2 more");
}

TEST(Upload, RefusesTwoImages) {
    expect_refused(read_form({{"file", "1", ""}, {"image", "2", ""}}), Errc::invalid_multipart,
                   "more than one part");
    expect_refused(read_form({{"file", "1", ""}, {"file", "", ""}}), Errc::invalid_multipart,
                   "more than one part");
}

TEST(Upload, RefusesAnEmptyImage) {
    expect_refused(read_form({{"image", "", "chart.png"}}), Errc::missing_image, "the part 'image' is empty");
}

TEST(Upload, HandsOnWhyTheFormCannotBeRead) {
    expect_refused(
        read_upload(type_of("multipart/form-data; boundary=abc"), SharedBytes::of("x"), query(""), kRules),
        Errc::invalid_multipart, "no line '--abc'");
}

TEST(Upload, LetsAFormFieldWinOverTheQuery) {
    const auto upload = read_form(
        {{"file", "x", ""}, {"model", "models/pro", ""}, {"prompt", "form", ""}, {"annotate", "off", ""}},
        query("model=flash&prompt=query&engine=gemini&annotate=1"));
    ASSERT_TRUE(upload.has_value()) << upload.error().detail;
    EXPECT_EQ(upload->options.model, "pro");
    EXPECT_EQ(upload->options.prompt, "form");
    EXPECT_EQ(upload->options.engine, Engine::gemini);
    EXPECT_EQ(upload->options.annotate, false);
}

TEST(Upload, TakesAnEmptyFormFieldForTheDefault) {
    const auto upload = read_form({{"file", "x", ""}, {"model", "", ""}, {"prompt", "", ""}},
                                  query("model=pro&prompt=query"));
    ASSERT_TRUE(upload.has_value());
    EXPECT_EQ(upload->options.model, "flash");
    EXPECT_EQ(upload->options.prompt, "Describe the chart.");
}

TEST(Upload, IgnoresUnknownFieldsEvenTwice) {
    EXPECT_TRUE(
        read_form({{"x", "1", ""}, {"x", "2", ""}, {"file", "x", ""}, {"filename", "\xff", ""}}).has_value());
}

TEST(Upload, RefusesAnOptionThatComesTwiceInTheForm) {
    expect_refused(read_form({{"file", "x", ""}, {"model", "pro", ""}, {"model", "pro", ""}}),
                   Errc::invalid_option, "model: given twice");
}

TEST(Upload, RefusesAPromptThatIsNotText) {
    expect_refused(read_form({{"file", "x", ""}, {"prompt", "\xff", ""}}), Errc::invalid_option,
                   "prompt: not UTF-8");
    expect_refused(read_form({{"file", "x", ""}, {"prompt", std::string(1, '\0'), ""}}), Errc::invalid_option,
                   "prompt: holds a NUL");
}

}  // namespace
}  // namespace chartsight
