using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Internals.Tests;

public sealed class VersionTests
{
    private readonly WireSerializer _serializer = Wire.NewSerializer();

    [Fact]
    public void An_old_reader_skips_what_a_new_writer_added()
    {
        var writtenBy = new NewDerived
        {
            Name = "n",
            More = [new Samples.Book("a", 1, default), new Samples.Found("k", new Samples.Book("b", 2, default)), 7, "x", 2.5, null],
            Late = [[1], [2, 3]],
            Own = 9,
            Extra = Guid.NewGuid(),
        };
        writtenBy.Tail = writtenBy.Self = new List<int> { 4, 5 };
        var read = Wire.Read<OldDerived>(_serializer, Wire.Write(_serializer, writtenBy))!;
        Assert.Equal(("n", 9), (read.Name, read.Own));
        Assert.Equal([4, 5], read.Self!);
        Assert.Same(read.Self, read.Tail);
    }

    [Fact]
    public void A_new_reader_leaves_at_their_initial_value_what_an_old_writer_did_not_know()
    {
        var read = Wire.Read<NewDerived>(_serializer, Wire.Write(_serializer, new OldDerived { Name = "o", Own = 3 }))!;
        Assert.Equal(("o", 3), (read.Name, read.Own));
        Assert.Equal([Guid.Empty], [read.Extra]);
        Assert.Equal("initial", read.Note);
        Assert.Null(read.More);
    }

    [Fact]
    public void A_record_may_get_another_parameter()
    {
        Assert.Equal(new Short("a"), Wire.Read<Short>(_serializer, Wire.Write(_serializer, new Long("a", 5) { Note = "n" })));
        Assert.Equal(new Long("a", 0), Wire.Read<Long>(_serializer, Wire.Write(_serializer, new Short("a"))));
    }

    [Fact]
    public void A_class_may_get_a_derived_level() =>
        Assert.Equal("n", Wire.Read<OldBase>(_serializer, Wire.Write(_serializer, new OldDerived { Name = "n", Own = 1 }))!.Name);

    [GenerateSerializer]
    internal class OldBase
    {
        [Id(0)]
        public string? Name { get; set; }
    }

    [GenerateSerializer]
    internal sealed class OldDerived : OldBase
    {
        [Id(0)]
        public List<int>? Self { get; set; }

        [Id(2)]
        public int Own { get; set; }

        [Id(9)]
        public List<int>? Tail { get; set; }
    }

    [GenerateSerializer]
    internal class NewBase
    {
        [Id(0)]
        public string? Name { get; set; }

        [Id(1)]
        public List<object?>? More { get; set; }

        [Id(1000)]
        public int[][]? Late { get; set; }

        [Id(4_000_000)]
        public string Note { get; set; } = "initial";
    }

    [GenerateSerializer]
    internal sealed class NewDerived : NewBase
    {
        [Id(0)]
        public List<int>? Self { get; set; }

        [Id(1)]
        public Guid Extra { get; set; }

        [Id(2)]
        public int Own { get; set; }

        [Id(9)]
        public List<int>? Tail { get; set; }
    }

    [GenerateSerializer]
    internal sealed record Short(string Key);

    [GenerateSerializer]
    internal sealed record Long(string Key, int Number)
    {
        [Id(0)]
        public string? Note { get; init; }
    }
}
