using FsCheck;
using FsCheck.Fluent;

namespace OrleansCache.Tests.Abstractions;

public sealed class BookKeyTests
{
    [Theory]
    [InlineData("book::1984")]
    [InlineData("book::9780439023481")]
    [InlineData("book::9780439023482")]
    [InlineData("book::caf\u00E9")]
    [InlineData("book::a/b?c#d%20e")]
    [InlineData("book::A b")]
    [InlineData("book::book::x")]
    [InlineData("book::439023484")]
    [InlineData("book::439023483")]
    [InlineData("1984")]
    [InlineData("9780439023481")]
    [InlineData("author::9780439023481")]
    public void A_key_in_the_form_stays_as_it_is(string key) => Assert.Same(key, BookKey.Of(key));

    [Theory]
    [InlineData("book::0439023483", "book::9780439023481")]
    [InlineData("book::0-439-02348-3", "book::9780439023481")]
    [InlineData("book::978-0-439-02348-1", "book::9780439023481")]
    [InlineData("book::080442957x", "book::9780804429573")]
    [InlineData("book::cafe\u0301", "book::caf\u00E9")]
    [InlineData("cafe\u0301", "caf\u00E9")]
    [InlineData("BOOK::1984", "book::1984")]
    [InlineData("Book::Dune", "book::Dune")]
    [InlineData("  book::1984\u00A0", "book::1984")]
    [InlineData("book:: 1984 ", "book::1984")]
    [InlineData(" BOOK:: 0 439 02348 3", "book::9780439023481")]
    public void Another_spelling_is_brought_into_it(string key, string expected)
    {
        Assert.Equal(expected, BookKey.Of(key));
        Assert.Same(expected, BookKey.Of(expected));
    }

    [Theory]
    [InlineData("book::439023483", "book::9780439023481")]
    [InlineData("book::439023484", null)]
    [InlineData("book::0439023483", null)]
    [InlineData("book::61120081", null)]
    [InlineData("439023483", null)]
    public void What_may_have_lost_a_zero_is_looked_for_under_its_ISBN_last(string key, string? isbn)
    {
        Assert.Equal(isbn, BookKey.WithLostZero(key));
        Assert.Equal(new[] { BookKey.Of(key), key, isbn }.OfType<string>().Distinct(), BookKey.Spellings(key));
    }

    [Theory]
    [InlineData("1984", "book::1984")]
    [InlineData(" Book::1984", "book::1984")]
    [InlineData("0439023483", "book::9780439023481")]
    public void A_name_gets_the_prefix_unless_it_has_it(string name, string expected) => Assert.Equal(expected, BookKey.OfName(name));

    [Theory]
    [InlineData("book::1984\u200B", "U+200B")]
    [InlineData("\uFEFFbook::1984", "U+FEFF")]
    [InlineData("book::a\u00ADb", "U+00AD")]
    [InlineData("book::a\u2028b", "U+2028")]
    [InlineData("book::\U000E0041", "U+E0041")]
    [InlineData("book::a\u0007", "U+0007")]
    [InlineData("book::a\n", "U+000A")]
    [InlineData("book::", "no name")]
    [InlineData("BOOK::  ", "no name")]
    [InlineData("   ", "empty")]
    [InlineData("", "empty")]
    [InlineData(null, "empty")]
    public void What_nobody_would_find_again_is_refused(string? key, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidKeyException>(() => BookKey.Of(key)).Message, StringComparison.Ordinal);

    [Fact]
    public void Half_of_a_character_is_refused() =>
        Assert.Contains("surrogate", Assert.Throws<InvalidKeyException>(() => BookKey.Of("book::" + (char)0xD800)).Message);

    [Fact]
    public void What_is_taken_for_composed_at_a_glance_is()
    {
        foreach (var character in Enumerable.Range(0x80, 0xFFFF - 0x80).Select(code => (char)code))
        {
            // With a letter that marks and others may join.
            var key = $"book::a{character}b";
            if (!char.IsSurrogate(character) && TryOf(key) is { } form)
                Assert.Equal(ADRaffy.ENSNormalize.ENSNormalize.NF.NFC(key), form);
        }
    }

    [Fact]
    public void The_length_counts_after_all_that()
    {
        // Becomes three times as long in form C.
        var key = BookKey.Prefix + string.Concat(Enumerable.Repeat("\uFB2C", 80));

        Assert.Contains("bytes", Assert.Throws<InvalidKeyException>(() => BookKey.Of(key)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("book::1984")]
    [InlineData("book::9780439023481")]
    public void What_nearly_all_lookups_need_allocates_nothing(string key)
    {
        var before = 0L;
        for (var i = 0; i <= 2_000; i++)
        {
            if (i == 1_000)
                before = GC.GetAllocatedBytesForCurrentThread();
            BookKey.Of(key);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_form_of_any_key_is_valid_and_its_own_form()
    {
        var part = Gen.Elements(
            "book::", "BOOK::", " ", "\u00A0", "-", "e\u0301", "\u212A", "0439023483", "439023483", "978", "x", "\uFB2C", "a\u0307\u0323",
            "\u2000");
        Check.QuickThrowOnFailure(Prop.ForAll(part.ListOf().ToArbitrary(), parts =>
        {
            if (TryOf(string.Concat(parts)) is not { } form)
                return;
            Assert.Equal(form, BookKey.Of(form));
            Assert.DoesNotContain("e\u0301", form, StringComparison.Ordinal);
            CacheKey.Validate(form);
        }));
    }

    private static string? TryOf(string key)
    {
        try
        {
            return BookKey.Of(key);
        }
        catch (InvalidKeyException)
        {
            return null;
        }
    }
}
