using Orleans.Serialization;
using OrleansCache.Engine.Serialization;
using static OrleansCache.Engine.Internals.Tests.Samples;

namespace OrleansCache.Engine.Internals.Tests;

public sealed class MalformedInputTests
{
    private readonly WireSerializer _serializer = Wire.NewSerializer();

    [Fact]
    public void A_message_cut_anywhere_is_refused()
    {
        var bytes = Wire.Write(_serializer, Value());
        for (var length = 0; length < bytes.Length; length++)
            Assert.ThrowsAny<SerializerException>(() => Wire.Read<List<object?>>(_serializer, bytes.AsSpan(0, length)));
    }

    [Fact]
    public void A_message_with_any_byte_changed_ends_in_a_value_or_the_exception_within_bounds()
    {
        var bytes = Wire.Write(_serializer, Value());
        var random = new Random(7);
        for (var i = 0; i < bytes.Length; i++)
        {
            for (var change = 0; change < 20; change++)
            {
                var broken = (byte[])bytes.Clone();
                broken[i] = (byte)random.Next(256);
                ReadAnything<List<object?>>(broken);
            }
        }
    }

    [Fact]
    public void Random_bytes_end_in_a_value_or_the_exception_within_bounds()
    {
        var random = new Random(42);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);

            // Small numbers make for more of what looks like a message.
            if (i % 2 == 0)
            {
                for (var b = 0; b < bytes.Length; b++)
                    bytes[b] &= 0x1F;
            }

            ReadAnything<Shelf>(bytes);
            ReadAnything<Node>(bytes);
            ReadAnything<object>(bytes);
            ReadAnything<Exception>(bytes);
            ReadAnything<Dictionary<string, decimal[]>>(bytes);
            ReadAnything<(DateTime, DateTimeOffset, DateOnly, TimeOnly, Uri, Version)>(bytes);
        }
    }

    [Theory]
    [InlineData(typeof(int[]))]
    [InlineData(typeof(List<Guid>))]
    [InlineData(typeof(HashSet<int>))]
    [InlineData(typeof(Dictionary<int, int>))]
    [InlineData(typeof(byte[]))]
    [InlineData(typeof(string))]
    public void A_length_that_is_not_there_is_refused_before_anything_is_allocated(Type type)
    {
        var bytes = new byte[64];
        var codec = _serializer.GetCodec(type);
        foreach (var kind in new[] { WireKind.Group, WireKind.Bytes })
        {
            bytes[0] = (byte)kind;
            bytes.AsSpan(1).Fill(0xFF);
            foreach (var end in new[] { 5, 6, 9, 10 })
            {
                bytes[end] = 1;
                var before = GC.GetAllocatedBytesForCurrentThread();
                Assert.ThrowsAny<SerializerException>(() =>
                {
                    var reader = new WireReader(bytes);
                    codec.ReadObject(ref reader);
                });
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
            }
        }
    }

    private List<object?> Value()
    {
        var shelf = new LockedShelf { Key = "k", Books = [new Book("a", 1, Genre.Essay) { Isbn = "i" }] };
        return [1, "two", 3.5m, Guid.NewGuid(), shelf, shelf, new Dictionary<string, int> { ["x"] = 1 }, new DateTime(2020, 1, 1), new int?[] { 1, null }, new ExceptionTests.BookUnavailable("m") { Key = "k" }];
    }

    private void ReadAnything<T>(byte[] bytes)
    {
        var codec = _serializer.GetCodec<T>();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var reader = new WireReader(bytes);
            codec.Read(ref reader);
        }
        catch (SerializerException)
        {
            // That is one of the two ways in which it may end; any other exception fails the test.
            return;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
        }
    }
}
