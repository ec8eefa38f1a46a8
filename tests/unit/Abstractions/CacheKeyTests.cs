namespace OrleansCache.Tests.Abstractions;

public sealed class CacheKeyTests
{
    public static TheoryData<string> Good =>
    [
        "book::1984", "a", " ", "book::война-и-мир", "book::😀", "with/slash", "a.b#c",
        new string('x', 256), new string('é', 128),
    ];

    [Theory]
    [MemberData(nameof(Good))]
    public void A_valid_key_is_returned(string key) => Assert.Same(key, CacheKey.Validate(key));

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData("book::\t", "U+0009")]
    [InlineData("\u0000", "U+0000")]
    [InlineData("book\u007f", "U+007F")]
    [InlineData("book\u0085", "U+0085")]
    public void An_invalid_key_is_refused_with_the_reason(string? key, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidKeyException>(() => CacheKey.Validate(key)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_key_over_256_bytes_is_refused_however_few_its_characters()
    {
        Assert.Contains("257", ProblemOf(new string('x', 257)), StringComparison.Ordinal);
        Assert.Contains("258", ProblemOf(new string('é', 129)), StringComparison.Ordinal);

        static string ProblemOf(string key) => Assert.Throws<InvalidKeyException>(() => CacheKey.Validate(key)).Message;
    }

    // As numbers: the test runner passes strings as UTF-8, which cannot encode half a surrogate pair.
    [Theory]
    [InlineData(0xD83D)]
    [InlineData(0xDE00)]
    public void Half_of_a_surrogate_pair_is_refused_and_not_shown(int half)
    {
        var error = Assert.Throws<InvalidKeyException>(() => CacheKey.Validate("book::" + (char)half));
        Assert.Contains("book::?", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Slots_are_at_least_one(int slots) => Assert.Throws<ArgumentOutOfRangeException>(() => CacheKey.Parse("a").SlotOf(slots));
}
