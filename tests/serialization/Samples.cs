namespace OrleansCache.Engine.Internals.Tests;

/// <summary>Types of every shape that may be sent.</summary>
internal static class Samples
{
    internal enum Genre
    {
        Fiction,
        Essay = 7,
    }

    [GenerateSerializer]
    internal enum Mood : byte
    {
        Calm,
        Wild = 200,
    }

    [GenerateSerializer, Immutable, Alias("Test.Book")]
    internal sealed record Book(string Title, int Year, Genre Genre)
    {
        [Id(0)]
        public string? Isbn { get; init; }
    }

    [GenerateSerializer]
    internal class Shelf
    {
        [Id(1)]
        private int _visits;

        [Id(0)]
        public List<Book> Books { get; set; } = [];

        [Id(4)]
        public string Label { get; private set; } = "none";

        public int Visits => _visits;

        public void Visit(string label)
        {
            _visits++;
            Label = label;
        }
    }

    [GenerateSerializer, Alias("Test.LockedShelf")]
    internal sealed class LockedShelf : Shelf
    {
        [Id(0)]
        public required string Key { get; init; }
    }

    [GenerateSerializer]
    internal readonly record struct Point(int X, int Y);

    [GenerateSerializer]
    internal struct Span
    {
        [Id(0)]
        public long From;

        [Id(1)]
        public List<int>? Marks { get; set; }
    }

    [GenerateSerializer]
    internal sealed class NoDefaultConstructor(string name)
    {
        [Id(0)]
        public string Name { get; } = name;

        [Id(1)]
        private readonly int _length = name.Length;

        public int Length => _length;
    }

    [GenerateSerializer]
    internal sealed class Defaults
    {
        [Id(0)]
        public int Number { get; set; } = 5;

        [Id(1)]
        public string? Text { get; set; } = "unset";

        [Id(2), Immutable]
        public List<int> Shared { get; set; } = [];
    }

    [GenerateSerializer]
    internal sealed class Node
    {
        [Id(0)]
        public string Name { get; set; } = "";

        [Id(1)]
        public Node? Next { get; set; }

        [Id(2)]
        public List<Node> Others { get; set; } = [];
    }

    [GenerateSerializer]
    internal abstract record Answer([property: Id(0)] string Key);

    [GenerateSerializer]
    internal sealed record Found(string Key, Book Book) : Answer(Key);

    [GenerateSerializer]
    internal sealed record Missing(string Key, TimeSpan Since) : Answer(Key);

    [GenerateSerializer]
    internal sealed record Pair<TFirst, TSecond>(TFirst First, TSecond Second);

    internal sealed class NotSerializable
    {
        public int Value { get; set; }
    }

    [GenerateSerializer]
    internal sealed class Holder
    {
        [Id(0)]
        public List<NotSerializable>? Values { get; set; }
    }

    [GenerateSerializer]
    internal sealed class Forgetful
    {
        [Id(0)]
        public int Kept { get; set; }

        public int Lost { get; set; }

        [NonSerialized]
        public int NotMeant = 1;
    }

    [GenerateSerializer]
    internal sealed class Clash
    {
        [Id(3)]
        public int One { get; set; }

        [Id(3)]
        public int Two { get; set; }
    }

    [GenerateSerializer]
    internal sealed class OddChild : NotForSending
    {
        [Id(0)]
        public int Value { get; set; }
    }

    internal class NotForSending;
}
