#include "multipart_case.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartsight {
namespace {

using namespace multipart_case;

/// One part with this text after `form-data`.
std::string disposition(const std::string& parameters) {
    return part("Content-Disposition: form-data" + parameters);
}

TEST(ContentDisposition, ReadsOrRefusesEachName) {
    expect_each({
        {disposition("; name=\"a\""), "a=x"},
        {disposition("; name=\"\""), "=x"},
        {disposition("; name=\"a b\""), "a b=x"},
        {disposition("; name=\"a;b=c\""), "a;b=c=x"},
        {disposition("; name=\"a\\\"b\""), "a\"b=x"},
        {disposition("; name=\"a\\\\b\""), "a\\b=x"},
        {disposition("; name=\"a\\b\""), "a\\b=x"},
        {disposition("; name=\"a%22b\""), "a\"b=x"},
        {disposition("; name=\"a%0D%0Ab%0d%0a\""), "a\r\nb\r\n=x"},
        {disposition("; name=\"100%\""), "100%=x"},
        {disposition("; name=\"a%2\""), "a%2=x"},
        {disposition("; name=\"a%41%00\""), "a%41%00=x"},
        {disposition("; name=\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\x88\""),
         "\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\x88=x"},
        {disposition("; name=\xc3\xa4"), "\xc3\xa4=x"},
        {disposition("; name=a-b_c.d[]"), "a-b_c.d[]=x"},
        {disposition(";;; name=a ; ;"), "a=x"},
        {disposition("; x=y; name=a; z=\"\""), "a=x"},
        {disposition("; NAME=\"A\""), "A=x"},
        {disposition("; name*=UTF-8''b; name=a"), "a=x"},
        {disposition(""), "!Content-Disposition has no name"},
        {disposition(";"), "!Content-Disposition has no name"},
        {disposition("; filename=\"chart.png\""), "!Content-Disposition has no name"},
        {disposition("; name*=UTF-8''a"), "!Content-Disposition has no name"},
        {disposition("; name"), "!a parameter without '='"},
        {disposition("; name; x=y"), "!a parameter without '='"},
        {disposition("; name="), "!the value of 'name' is malformed"},
        {disposition("; name=;"), "!the value of 'name' is malformed"},
        {disposition("; name= a"), "!the value of 'name' is malformed"},
        {disposition("; name =a"), "!is not a parameter name"},
        {disposition("; =a"), "!is not a parameter name"},
        {disposition("; n\"ame=a"), "!is not a parameter name"},
        {disposition("; name=\"a"), "!the value of 'name' is malformed"},
        {disposition("; name=\""), "!the value of 'name' is malformed"},
        {disposition("; name=\"a\\\""), "!the value of 'name' is malformed"},
        {disposition("; name=a\"b"), "!the value of 'name' is malformed"},
        {disposition("; name=\"a\"b"), "!without ';' between"},
        {disposition("; name=\"a\" b"), "!without ';' between"},
        {disposition("; name=a b"), "!without ';' between"},
        {disposition("; name=\"a\", x=y"), "!without ';' between"},
        {disposition("; name=a; name=b"), "!'name' is given twice"},
        {disposition("; name=a; Name=a"), "!'name' is given twice"},
        {disposition("; name=\"\xff\""), "!the name is not UTF-8"},
        {disposition("; name=\"\xe4\""), "!the name is not UTF-8"},
        {disposition("; name=\"\xed\xa0\x80\""), "!the name is not UTF-8"},
        {disposition("; name=\"\xc0\xaf\""), "!the name is not UTF-8"},
        {part("Content-Disposition: attachment; name=a"), "!'attachment', not 'form-data'"},
        {part("Content-Disposition: file; name=a"), "!'file', not 'form-data'"},
        {part("Content-Disposition:"), "!'', not 'form-data'"},
        {part("Content-Disposition: ; name=a"), "!'', not 'form-data'"},
        {part("Content-Disposition: form-data name=a"), "!not 'form-data'"},
        {part("Content-Disposition: form-data, name=a"), "!not 'form-data'"},
        {part("Content-Disposition: form-dat\xe4; name=a"), "!'form-dat\\xe4'"},
    });
}

TEST(ContentDisposition, ReadsOrRefusesEachFileName) {
    const auto file = [](const std::string& parameters) { return disposition("; name=a; " + parameters); };
    std::string many;
    for (int i = 0; i < 31; ++i) many += "; x" + std::to_string(i) + "=1";
    expect_each({
        {file("filename=\"chart.png\""), "a(chart.png)=x"},
        {file("filename=chart.png"), "a(chart.png)=x"},
        {file("filename=\"\""), "a()=x"},
        {file("filename=\"my chart.png\""), "a(my chart.png)=x"},
        {file("filename=\"C:\\charts\\new.png\""), "a(C:\\charts\\new.png)=x"},
        {file("filename=\"\\\\\\\\server\\charts\\x.png\""), "a(\\\\server\\charts\\x.png)=x"},
        {file("filename=\"a\\\"b.png\""), "a(a\"b.png)=x"},
        {file("filename=\"a%22b.png\""), "a(a\"b.png)=x"},
        {file("filename=\"../../etc/passwd\""), "a(../../etc/passwd)=x"},
        {file("filename=\"a;b.png\""), "a(a;b.png)=x"},
        {file("filename=\"\xe5\x9b\xbe.png\""), "a(\xe5\x9b\xbe.png)=x"},
        {file("filename=\"K\xe4se.png\""), "a(K\xc3\xa4se.png)=x"},
        {file("filename*=UTF-8''chart.png"), "a(chart.png)=x"},
        {file("filename*=utf-8'de'K%c3%A4se.png"), "a(K\xc3\xa4se.png)=x"},
        {file("filename*=ISO-8859-1''K%E4se.png"), "a(K\xc3\xa4se.png)=x"},
        {file("filename=plain.png; filename*=UTF-8''best.png"), "a(best.png)=x"},
        {file("filename*=UTF-8''best.png; filename=plain.png"), "a(best.png)=x"},
        {file("filename*=\"UTF-8''best.png\"; filename=plain.png"), "a(best.png)=x"},
        {file("filename*=UTF-8''; filename=plain.png"), "a()=x"},
        {file("filename*=UTF-8''%; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=UTF-8''%zz; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=UTF-8''%FF; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=UTF-8''%00; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=UTF-8''%0A; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=UTF-8'best.png; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=best.png; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=Shift_JIS''%83; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=best.png"), "a=x"},
        {file("filename=a; filename=b"), "!'filename' is given twice"},
        {file("filename*=UTF-8''a; FileName*=UTF-8''b"), "!'filename*' is given twice"},
        {file("filename=\"chart.png"), "!the value of 'filename' is malformed"},
        {file("filename=\"C:\\charts\\\""), "!the value of 'filename' is malformed"},
        {file("filename=my chart.png"), "!without ';' between"},
        {disposition("; name=a" + many), "a=x"},
        {disposition("; name=a" + many + "; y=1"), "!more than 32 parameters"},
    });
}

}  // namespace
}  // namespace chartsight
