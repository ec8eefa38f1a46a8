using System.Collections.Immutable;

namespace OrleansCache.Engine.Serialization;

internal sealed class ImmutableDictionaryCodec<TKey, TValue> : MapCodec<ImmutableDictionary<TKey, TValue>, TKey, TValue>
    where TKey : notnull
{
    public override bool IsImmutable => Key is { IsImmutable: true } && Value is { IsImmutable: true };

    public override void Write(ref WireWriter writer, ImmutableDictionary<TKey, TValue>? value)
    {
        if (value is null)
        {
            writer.WriteNull();
            return;
        }

        writer.BeginGroup();
        WriteEntries(ref writer, value.KeyComparer, value);
    }

    public override ImmutableDictionary<TKey, TValue>? Read(ref WireReader reader)
    {
        if (!reader.ReadHeader(WireKind.Group))
            return null;
        reader.EnterGroup();
        var entries = ReadEntries(ref reader, number: null);
        return entries.ToImmutableDictionary(entries.Comparer);
    }

    public override ImmutableDictionary<TKey, TValue>? Copy(ImmutableDictionary<TKey, TValue>? value, ref CopyContext context)
    {
        if (value is null || IsImmutable)
            return value;
        context.Enter();
        var copy = ImmutableDictionary.CreateBuilder<TKey, TValue>(value.KeyComparer);
        foreach (var (key, element) in value)
            copy.Add(Key.Copy(key, ref context)!, Value.Copy(element, ref context)!);
        context.Leave();
        return copy.ToImmutable();
    }
}
