using OrleansCache.Client.Import;

namespace OrleansCache.Tests.Client.Import;

public sealed class YearTextTests
{
    [Theory]
    [InlineData("1949", 1949)]
    [InlineData("1949.0", 1949)]
    [InlineData("-750", -750)]
    [InlineData("101", 101)]
    [InlineData("2019-03-05T01:00:00+01:00", 2019)]
    [InlineData("2021/03/21", 2021)]
    [InlineData("2021-03", 2021)]
    [InlineData("5.3.2019", 2019)]
    [InlineData("03/2019", 2019)]
    [InlineData("March 5, 2019", 2019)]
    [InlineData("5 Mar 2019", 2019)]
    [InlineData("Mar 2019", 2019)]
    [InlineData("0101-01-01T00:00:00+00:00", null)]
    [InlineData("0100-12-31T23:00:00+00:00", null)]
    public void A_number_or_a_date_is_a_year(string text, int? expected)
    {
        Assert.True(YearText.TryRead(text, out var year));
        Assert.Equal(expected, year);
    }

    [Theory]
    [InlineData("about 1900")]
    [InlineData("1900.5")]
    [InlineData("NaN")]
    [InlineData("123456")]
    [InlineData("n.d.")]
    [InlineData("1999-2001")]
    [InlineData("٢٠١٩-03-05")]
    public void Anything_else_is_none(string text) => Assert.False(YearText.TryRead(text, out _));
}
