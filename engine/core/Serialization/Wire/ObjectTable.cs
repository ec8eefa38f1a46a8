using System.Runtime.CompilerServices;

namespace OrleansCache.Engine.Serialization;

/// <summary>The numbers of the objects that a message holds already. Most messages have few, and those need no allocation.</summary>
internal struct ObjectTable
{
    private const int InlineCount = 8;

    private Objects _objects;
    private Numbers _numbers;
    private int _count;
    private Dictionary<object, int>? _many;

    /// <summary>The number of the object when it is there; else it is added under the given one, and the result is -1.</summary>
    public int Find(object value, int numberIfNew)
    {
        for (var i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_objects[i], value))
                return _numbers[i];
        }

        if (_count < InlineCount)
        {
            _objects[_count] = value;
            _numbers[_count++] = numberIfNew;
            return -1;
        }

        _many ??= new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        return _many.TryAdd(value, numberIfNew) ? -1 : _many[value];
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
