using System.Runtime.CompilerServices;

namespace OrleansCache.Engine.Serialization;

/// <summary>Numbers the objects of one message in the order they are met. Most messages have few, and those need no allocation.</summary>
internal struct ObjectTable
{
    private const int InlineCount = 8;

    private Few _few;
    private int _count;
    private Dictionary<object, int>? _many;

    /// <summary>The number of the object when it was met before; else it gets the next one, and the result is -1.</summary>
    public int IndexOfOrAdd(object value)
    {
        for (var i = 0; i < Math.Min(_count, InlineCount); i++)
        {
            if (ReferenceEquals(_few[i], value))
                return i;
        }

        if (_count < InlineCount)
        {
            _few[_count++] = value;
            return -1;
        }

        _many ??= new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        if (_many.TryGetValue(value, out var index))
            return index;
        _many.Add(value, _count++);
        return -1;
    }

    [InlineArray(InlineCount)]
    private struct Few
    {
        private object? _first;
    }
}
