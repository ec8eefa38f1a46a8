using Orleans.Serialization;
using OrleansCache.Engine.Serialization;
using static OrleansCache.Engine.Internals.Tests.Samples;

namespace OrleansCache.Engine.Internals.Tests;

public sealed class GraphTests
{
    private readonly WireSerializer _serializer = Wire.NewSerializer();

    [Fact]
    public void An_object_met_twice_arrives_once()
    {
        var shared = new List<int> { 1 };
        var read = Wire.RoundTrip<(List<int>, IReadOnlyList<int>, object)>(_serializer, (shared, shared, shared));
        Assert.Same(read.Item1, read.Item2);
        Assert.Same(read.Item1, read.Item3);
        var copy = _serializer.GetCodec<(List<int>, IReadOnlyList<int>, object)>().Copy((shared, shared, shared));
        Assert.NotSame(shared, copy.Item1);
        Assert.Same(copy.Item1, copy.Item2);
        Assert.Same(copy.Item1, copy.Item3);
    }

    [Fact]
    public void Identity_holds_among_many_objects()
    {
        var nodes = Enumerable.Range(0, 100).Select(i => new Node { Name = $"{i}" }).ToList();
        foreach (var node in nodes)
            node.Next = nodes[0];
        foreach (var result in new[] { Wire.RoundTrip(_serializer, nodes)!, _serializer.GetCodec<List<Node>>().Copy(nodes)! })
        {
            Assert.All(result, node => Assert.Same(result[0], node.Next));
            Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), result.Select(n => n.Name));
        }
    }

    [Fact]
    public void A_cycle_arrives_as_a_cycle()
    {
        var node = new Node { Name = "ring" };
        node.Next = node;
        node.Others.Add(node);
        foreach (var result in new[] { Wire.RoundTrip(_serializer, node)!, _serializer.GetCodec<Node>().Copy(node)! })
        {
            Assert.NotSame(node, result);
            Assert.Same(result, result.Next);
            Assert.Same(result, result.Others[0]);
        }
    }

    [Fact]
    public void A_chain_that_is_too_long_is_refused_on_both_sides()
    {
        Node? chain = null;
        for (var i = 0; i < 10_000; i++)
            chain = new Node { Next = chain };
        Assert.Contains("nests deeper", Assert.Throws<SerializerException>(() => Wire.Write(_serializer, chain)).Message);
        Assert.Throws<SerializerException>(() => _serializer.GetCodec<Node>().Copy(chain));

        var bytes = Enumerable.Repeat((byte)WireKind.Group, 1_000_000).ToArray();
        Assert.Throws<SerializerException>(() => Wire.Read<Node>(_serializer, bytes));
        var error = Assert.Throws<SerializerException>(() =>
        {
            var reader = new WireReader(bytes);
            reader.Skip();
        });
        Assert.Contains("nest deeper", error.Message);
    }

    [Fact]
    public void A_runtime_type_is_kept_behind_a_base_class_an_interface_and_object()
    {
        var book = new Book("Emma", 1815, Genre.Fiction);
        Assert.Equal(new Found("k", book), Wire.RoundTrip<Answer>(_serializer, new Found("k", book)));
        Assert.Equal(new Missing("k", TimeSpan.FromSeconds(1)), Wire.RoundTrip<Answer>(_serializer, new Missing("k", TimeSpan.FromSeconds(1))));
        Assert.Equal(book, Wire.RoundTrip<IEquatable<Book>>(_serializer, book));

        var locked = new LockedShelf { Key = "secret", Books = [book] };
        locked.Visit("cellar");
        var read = Assert.IsType<LockedShelf>(Wire.RoundTrip<Shelf>(_serializer, locked));
        Assert.Equal(("secret", "cellar", 1), (read.Key, read.Label, read.Visits));
        Assert.IsType<Shelf>(Wire.RoundTrip(_serializer, new Shelf()));

        object[] things = [1, "two", 3.0, Guid.Empty, new byte[] { 4 }, new List<Book> { book }, new Dictionary<string, Point[]> { ["p"] = [new(1, 2)] }, Mood.Wild, new Pair<int, string>(1, "x"), (1, 2), null!];
        Assert.Equal(things, Wire.RoundTrip(_serializer, things)!);
        Assert.Equal(things, _serializer.GetCodec<object[]>().Copy(things)!);
    }

    [Fact]
    public void A_runtime_type_that_cannot_be_sent_is_refused_by_name()
    {
        foreach (var value in new object[] { new NotSerializable(), new List<NotSerializable>(), new Holder(), Genre.Essay, new object() })
        {
            var error = Assert.Throws<CodecNotFoundException>(() => Wire.Write(_serializer, value));
            Assert.Contains(value is Genre ? nameof(Genre) : value.GetType() == typeof(object) ? "System.Object" : nameof(NotSerializable), error.Message);
            Assert.Throws<CodecNotFoundException>(() => _serializer.GetCodec<object>().Copy(value));
        }
    }

    [Fact]
    public void Only_types_that_are_meant_to_be_sent_come_to_life()
    {
        foreach (var name in new[] { typeof(NotSerializable).FullName!, typeof(System.Diagnostics.Process).FullName!, typeof(FileInfo).AssemblyQualifiedName!, "Test.Book[Test.Book]", "System.Collections.Generic.List`1", "System.Nullable`1[System.String]", "", "[]", string.Concat(Enumerable.Repeat("System.Collections.Generic.List`1[", 500)) })
        {
            var error = Assert.Throws<SerializerException>(() =>
            {
                var buffer = new System.Buffers.ArrayBufferWriter<byte>();
                var writer = new WireWriter(buffer);
                writer.WriteTypeName(System.Text.Encoding.UTF8.GetBytes(name));
                writer.BeginGroup();
                writer.EndGroup();
                writer.Flush();
                Wire.Read<object>(_serializer, buffer.WrittenSpan);
            });
            Assert.Contains("not known here", error.Message);
        }
    }

    [Fact]
    public void A_value_of_another_type_than_declared_is_refused()
    {
        var bytes = Wire.Write<object>(_serializer, new Book("x", 1, Genre.Essay));
        Assert.Contains("Book", Assert.Throws<SerializerException>(() => Wire.Read<Answer>(_serializer, bytes)).Message);
    }

    [Fact]
    public void Copies_share_what_is_immutable_and_nothing_else()
    {
        var book = new Book("Emma", 1815, Genre.Fiction);
        Assert.Same(book, _serializer.GetCodec<Book>().Copy(book));
        Assert.Same(book, _serializer.GetCodec<object>().Copy(book));
        Assert.True(_serializer.GetCodec<Point>().IsImmutable);
        Assert.False(_serializer.GetCodec<Samples.Span>().IsImmutable);

        var shelf = new Shelf { Books = [book] };
        var copy = _serializer.GetCodec<Shelf>().Copy(shelf)!;
        shelf.Books.Clear();
        Assert.Same(book, Assert.Single(copy.Books));

        var defaults = new Defaults { Shared = [1] };
        Assert.Same(defaults.Shared, _serializer.GetCodec<Defaults>().Copy(defaults)!.Shared);

        byte[] bytes = [1];
        Assert.NotSame(bytes, _serializer.GetCodec<byte[]>().Copy(bytes));
        var list = new List<int>();
        Assert.NotSame(list, _serializer.GetCodec<IReadOnlyList<int>>().Copy(list));
    }

    [Fact]
    public void An_observer_itself_is_refused_in_a_copy_too() =>
        Assert.Throws<ArgumentException>(() => _serializer.GetCodec<FakeReferences.INamed>().Copy(new FakeReferences.Impostor()));
}
