namespace OrleansCache.Tests.Abstractions;

public sealed class KeyHashTests
{
    // The first three are from the specification of xxHash64.
    [Theory]
    [InlineData("", 0xef46db3751d8e999)]
    [InlineData("a", 0xd24ec4f1a98c6e5b)]
    [InlineData("abc", 0x44bc2cf5ad770999)]
    [InlineData("book::1984", 0x17f2ed3e6c074ff2)]
    [InlineData("book::война-и-мир", 0x3c85500a17410569)]
    [InlineData("book::紅樓夢", 0x71147f4418c6e7aa)]
    [InlineData("The quick brown fox jumps over the lazy dog, twice.", 0x0bd828078c4cb965)]
    public void It_is_xxHash64_of_the_UTF_8_bytes(string text, ulong hash) => Assert.Equal(hash, KeyHash.Of(text));

    [Theory]
    [InlineData("book::1984", 50)]
    [InlineData("book::ulysses", 39)]
    [InlineData("book::紅樓夢", 42)]
    public void A_key_has_the_same_slot_on_every_machine(string key, int slot) => Assert.Equal(slot, CacheKey.Parse(key).SlotOf(64));

    [Fact]
    public void Strings_longer_than_any_key_are_hashed_too() =>
        Assert.Equal(KeyHash.Of(new string('x', 5_000)), KeyHash.Of(new string('x', 5_000).AsSpan()));

    [Fact]
    public void Slots_are_about_equal()
    {
        var counts = new int[64];
        for (var i = 0; i < 64_000; i++)
            counts[CacheKey.Parse($"book::{i}").SlotOf(64)]++;

        Assert.All(counts, count => Assert.InRange(count, 850, 1_150));
    }
}
