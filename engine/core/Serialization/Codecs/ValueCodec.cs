namespace OrleansCache.Engine.Serialization;

/// <summary>The base of codecs. As it stands, for immutable values; a codec of mutable ones overrides <see cref="IsImmutable"/> and <see cref="Copy"/>.</summary>
internal abstract class ValueCodec<T> : IValueCodec<T>
{
    public Type ValueType => typeof(T);

    public virtual bool IsImmutable => true;

    public abstract void Write(ref WireWriter writer, T? value);

    public abstract T? Read(ref WireReader reader);

    public virtual T? Copy(T? value, ref CopyContext context) => value;

    void IValueCodec.WriteObject(ref WireWriter writer, object? value) => Write(ref writer, (T?)value);

    object? IValueCodec.ReadObject(ref WireReader reader) => Read(ref reader);

    object? IValueCodec.CopyObject(object? value, ref CopyContext context) => IsImmutable ? value : Copy((T?)value, ref context);
}
