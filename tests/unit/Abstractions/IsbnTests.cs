namespace OrleansCache.Tests.Abstractions;

public sealed class IsbnTests
{
    [Theory]
    [InlineData("0439023483", "9780439023481")]
    [InlineData("0-439-02348-3", "9780439023481")]
    [InlineData("0 439 02348 3", "9780439023481")]
    [InlineData("9780439023481", "9780439023481")]
    [InlineData("978-0-439-02348-1", "9780439023481")]
    [InlineData("978\u20110\u2013439\u201002348-1", "9780439023481")]
    [InlineData("080442957x", "9780804429573")]
    [InlineData("080442957X", "9780804429573")]
    [InlineData("979-10-90636-07-1", "9791090636071")]
    public void Every_form_of_a_number_is_the_one_with_thirteen_digits(string text, string expected) =>
        Assert.Equal(expected, Isbn.Normalize(text));

    [Theory]
    [InlineData("")]
    [InlineData("439023483")]
    [InlineData("0439023484")]
    [InlineData("9780439023482")]
    [InlineData("1234567890128")]
    [InlineData("0000000000")]
    [InlineData("04390234X3")]
    [InlineData("978043902348X")]
    [InlineData("-0439023483")]
    [InlineData("0439023483-")]
    [InlineData("0439--023483")]
    [InlineData("97804390234811")]
    [InlineData("0٤39023483")]
    [InlineData("9.78044E+12")]
    public void Another_text_is_none(string text) => Assert.Null(Isbn.Normalize(text));

    [Theory]
    [InlineData("439023483", 3, "0439023483")]
    [InlineData("61120081", 3, "0061120081")]
    [InlineData("61120081", 1, null)]
    [InlineData("80442957x", 1, "080442957X")]
    [InlineData("439023484", 3, null)]
    [InlineData("0439023483", 3, null)]
    [InlineData("000000000", 3, null)]
    [InlineData("123", 3, null)]
    [InlineData("4390-2348", 3, null)]
    public void Lost_zeros_are_mended_where_the_check_digit_says_so(string number, int most, string? expected) =>
        Assert.Equal(expected, Isbn.Mend(number, most));

    [Fact]
    public void One_wrong_digit_is_always_noticed()
    {
        foreach (var isbn in (string[])["9780439023481", "0439023483"])
        {
            for (var at = 0; at < isbn.Length; at++)
            {
                foreach (var digit in "0123456789".Where(digit => digit != isbn[at]))
                    Assert.Null(Isbn.Normalize($"{isbn[..at]}{digit}{isbn[(at + 1)..]}"));
            }
        }
    }
}
