using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using OrleansCache.Engine.Serialization;
using static OrleansCache.Engine.Internals.Tests.Samples;

namespace OrleansCache.Engine.Internals.Tests;

public sealed class RoundTripTests
{
    private readonly WireSerializer _serializer = Wire.NewSerializer();

    [Fact]
    public void Any_simple_value_arrives_as_it_was()
    {
        Check<bool>();
        Check<byte>();
        Check<sbyte>();
        Check<short>();
        Check<ushort>();
        Check<int>();
        Check<uint>();
        Check<long>();
        Check<ulong>();
        Check<char>();
        Check<float>();
        Check<double>();
        Check<decimal>();
        Check<string>();
        Check<Guid>();
        Check<TimeSpan>();
        Check<DateTimeOffset>();
        Check<int?>();
        Check<Genre>();
        Check<byte[]>();
        Check<string[]>();
        Check<List<long>>();
        Check<Dictionary<string, int>>();
        Check<(int, string)>();
        Check<Tuple<int, string>>();
        Check<KeyValuePair<string, int>>();
        Check<List<List<int>>>();
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    [InlineData(0L)]
    [InlineData(0x80L)]
    public void Numbers_at_the_edges_arrive(long number) => Assert.Equal(number, Wire.RoundTrip(_serializer, number));

    [Fact]
    public void Dates_and_addresses_arrive()
    {
        var now = new DateTime(2024, 2, 29, 12, 0, 1, DateTimeKind.Utc);
        Assert.Equal(DateTimeKind.Utc, Wire.RoundTrip(_serializer, now).Kind);
        Assert.Equal(now, Wire.RoundTrip(_serializer, now));
        Assert.Equal(DateOnly.MaxValue, Wire.RoundTrip(_serializer, DateOnly.MaxValue));
        Assert.Equal(TimeOnly.MaxValue, Wire.RoundTrip(_serializer, TimeOnly.MaxValue));
        Assert.Equal(DateTimeOffset.MaxValue, Wire.RoundTrip(_serializer, DateTimeOffset.MaxValue));
        Assert.Equal(new Uri("a/b?c=ä", UriKind.Relative), Wire.RoundTrip(_serializer, new Uri("a/b?c=ä", UriKind.Relative)));
        Assert.Equal(new Version(1, 2, 3), Wire.RoundTrip(_serializer, new Version(1, 2, 3)));
        Assert.Equal(decimal.MinValue, Wire.RoundTrip(_serializer, decimal.MinValue));
        Assert.Equal(Mood.Wild, Wire.RoundTrip(_serializer, Mood.Wild));
        Assert.Equal((Mood)99, Wire.RoundTrip(_serializer, (Mood)99));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(41)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(5000)]
    [InlineData(100_000)]
    public void Strings_of_any_length_arrive(int length)
    {
        Assert.Equal(new string('x', length), Wire.RoundTrip(_serializer, new string('x', length)));
        Assert.Equal(new string('é', length), Wire.RoundTrip(_serializer, new string('é', length)));
        Assert.Equal(length, Wire.RoundTrip(_serializer, new byte[length])!.Length);
    }

    [Fact]
    public void Collections_arrive_as_the_type_that_they_were()
    {
        Assert.Equal([1, 2, 3], Wire.RoundTrip(_serializer, ImmutableArray.Create(1, 2, 3)).ToArray());
        Assert.True(Wire.RoundTrip(_serializer, default(ImmutableArray<int>)).IsDefault);
        Assert.Equal(["a"], Wire.RoundTrip(_serializer, ImmutableList.Create("a"))!);
        Assert.Equal(2, Wire.RoundTrip(_serializer, ImmutableDictionary<string, int>.Empty.Add("b", 2))!["b"]);
        Assert.Equal([1, 2], Wire.RoundTrip(_serializer, new ReadOnlyMemory<byte>([1, 2])).ToArray());
        Assert.IsType<int[]>(Wire.RoundTrip<IReadOnlyList<int>>(_serializer, new[] { 1 }));
        Assert.IsType<List<int>>(Wire.RoundTrip<IReadOnlyList<int>>(_serializer, new List<int> { 1 }));
        Assert.IsType<ImmutableArray<int>>(Wire.RoundTrip<IEnumerable<int>>(_serializer, ImmutableArray.Create(1)));
        Assert.IsType<Dictionary<string, Book>>(Wire.RoundTrip<IReadOnlyDictionary<string, Book>>(_serializer, new Dictionary<string, Book>()));
        Assert.Equal(3_000, Wire.RoundTrip(_serializer, Enumerable.Range(0, 3_000).ToArray())!.Length);
    }

    [Fact]
    public void A_collection_of_a_type_without_a_codec_arrives_as_a_list()
    {
        var query = new[] { 1, 2, 3 }.Where(n => n > 1);
        Assert.Equal([2, 3], Assert.IsType<List<int>>(Wire.RoundTrip(_serializer, query)));
        IReadOnlyList<Genre> expression = [Genre.Essay, Genre.Fiction];
        Assert.Equal(expression, Wire.RoundTrip(_serializer, expression));
    }

    [Fact]
    public void Case_insensitive_keys_stay_so()
    {
        var map = Wire.RoundTrip(_serializer, new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 })!;
        Assert.True(map.ContainsKey("A"));
        Assert.Contains("A", Wire.RoundTrip(_serializer, new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" })!);
    }

    [Fact]
    public void Records_classes_and_structs_arrive_with_all_members()
    {
        var book = new Book("1984", 1949, Genre.Essay) { Isbn = "978" };
        Assert.Equal(book, Wire.RoundTrip(_serializer, book));
        Assert.Equal(new Point(3, -4), Wire.RoundTrip(_serializer, new Point(3, -4)));
        Assert.Null(Wire.RoundTrip<Book>(_serializer, null));

        var shelf = new Shelf { Books = [book, null!] };
        shelf.Visit("window");
        var read = Wire.RoundTrip(_serializer, shelf)!;
        Assert.Equal((1, "window", 2), (read.Visits, read.Label, read.Books.Count));
        Assert.Equal(book, read.Books[0]);

        var span = Wire.RoundTrip(_serializer, new Samples.Span { From = 9, Marks = [1] });
        Assert.Equal(9, span.From);
        Assert.Equal([1], span.Marks!);

        var named = Wire.RoundTrip(_serializer, new NoDefaultConstructor("four"))!;
        Assert.Equal(("four", 4), (named.Name, named.Length));
        Assert.Equal(new Pair<int, Book>(1, book), Wire.RoundTrip(_serializer, new Pair<int, Book>(1, book)));
    }

    [Fact]
    public void A_value_set_to_its_default_does_not_become_the_initial_one()
    {
        var read = Wire.RoundTrip(_serializer, new Defaults { Number = 0, Text = null })!;
        Assert.Equal(0, read.Number);
        Assert.Null(read.Text);
    }

    [Fact]
    public void References_arrive_by_their_identity()
    {
        var read = Wire.RoundTrip<List<FakeReferences.INamed>>(_serializer, [new FakeReferences.Named("book/7"), null!]);
        Assert.Equal("book/7", read![0].Name);
        Assert.Null(read[1]);
        Assert.Throws<ArgumentException>(() => Wire.RoundTrip<FakeReferences.INamed>(_serializer, new FakeReferences.Impostor()));
    }

    [Fact]
    public void Values_written_one_after_the_other_are_read_so_and_may_lie_in_pieces()
    {
        var bytes = new[] { Wire.Write(_serializer, "first"), Wire.Write(_serializer, 2), Wire.Write(_serializer, new Point(1, 1)) }.SelectMany(b => b).ToArray();
        var last = new Segment(bytes.AsMemory(4), 4);
        var first = new Segment(bytes.AsMemory(0, 4), 0, last);
        var reader = new WireReader(new System.Buffers.ReadOnlySequence<byte>(first, 0, last, bytes.Length - 4));
        Assert.Equal("first", _serializer.GetCodec<string>().Read(ref reader));
        reader.Skip();
        Assert.Equal(new Point(1, 1), _serializer.GetCodec<Point>().Read(ref reader));
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public void Many_threads_may_ask_for_the_same_codecs_first()
    {
        var node = new Node { Name = "a", Others = [new Node { Name = "b" }] };
        for (var round = 0; round < 50; round++)
        {
            var serializer = Wire.NewSerializer();
            Parallel.For(0, 8, _ => Assert.Equal("b", Wire.RoundTrip(serializer, node)!.Others[0].Name));
        }
    }

    private void Check<T>() => Prop.ForAll(
        ArbMap.Default.ArbFor<T>(),
        value => Equal(value, Wire.RoundTrip(_serializer, value)) && Equal(value, _serializer.GetCodec<T>().Copy(value))).QuickCheckThrowOnFailure();

    private static bool Equal<T>(T expected, T? actual)
    {
        Assert.Equal(expected, actual);
        return true;
    }

    private sealed class Segment : System.Buffers.ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index, Segment? next = null)
        {
            Memory = memory;
            RunningIndex = index;
            Next = next;
        }
    }
}
