using System.Runtime.CompilerServices;

namespace OrleansCache.Engine.Serialization;

/// <summary>The objects of one message by their number; the reader's side of <see cref="ObjectTable"/>.</summary>
internal struct ReadObjects
{
    private const int InlineCount = 8;

    private Few _few;
    private List<object?>? _many;

    public int Count { get; private set; }

    public int Add(object? value)
    {
        if (Count < InlineCount)
            _few[Count] = value;
        else
            (_many ??= []).Add(value);
        return Count++;
    }

    public void Set(int number, object value)
    {
        if (number < InlineCount)
            _few[number] = value;
        else
            _many![number - InlineCount] = value;
    }

    public readonly object? Get(int number) => number < InlineCount ? _few[number] : _many![number - InlineCount];

    [InlineArray(InlineCount)]
    private struct Few
    {
        private object? _first;
    }
}
