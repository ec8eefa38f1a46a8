using System.Runtime.CompilerServices;

namespace OrleansCache.Engine.Serialization;

/// <summary>The objects of a message by their number; the reader's side of <see cref="ObjectTable"/>.</summary>
internal struct ReadObjects
{
    private const int InlineCount = 8;

    private Objects _objects;
    private Numbers _numbers;
    private int _count;
    private Dictionary<int, object>? _many;

    public void Add(int number, object value)
    {
        if (_count == InlineCount)
        {
            (_many ??= [])[number] = value;
            return;
        }

        _objects[_count] = value;
        _numbers[_count++] = number;
    }

    /// <summary>The object, or null when the number is of none that was read.</summary>
    public readonly object? Find(ulong number)
    {
        for (var i = 0; i < _count; i++)
        {
            if ((ulong)_numbers[i] == number)
                return _objects[i];
        }

        return number <= int.MaxValue ? _many?.GetValueOrDefault((int)number) : null;
    }

    [InlineArray(InlineCount)]
    private struct Objects
    {
        private object? _first;
    }

    [InlineArray(InlineCount)]
    private struct Numbers
    {
        private int _first;
    }
}
