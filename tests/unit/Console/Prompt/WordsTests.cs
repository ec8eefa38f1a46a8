using OrleansCache.Cli.Prompt;
using Xunit;

namespace OrleansCache.Tests.Console.Prompt;

public sealed class WordsTests
{
    [Theory]
    [InlineData("  lookup   book::1984 ", "lookup|book::1984")]
    [InlineData("lookup \"book::a b\"", "lookup|book::a b")]
    [InlineData("lookup 'book::a b' x", "lookup|book::a b|x")]
    [InlineData("lookup 'say \"so\"'", "lookup|say \"so\"")]
    [InlineData("lookup \"it's\"", "lookup|it's")]
    [InlineData("lookup book::o'neill", "lookup|book::o'neill")]
    [InlineData("import --key=\"a b\"", "import|--key=a b")]
    [InlineData("lookup ''", "lookup|")]
    [InlineData("", "")]
    public void A_line_is_taken_apart_at_blanks_that_no_quotation_holds(string line, string words) =>
        Assert.Equal(words.Length == 0 ? [] : words.Split('|'), Words.Split(line));

    [Theory]
    [InlineData("lookup \"book")]
    [InlineData("lookup 'book")]
    public void A_quotation_that_does_not_end_has_no_words(string line) => Assert.Null(Words.Split(line));
}
