using System.Buffers;
using System.Collections.Concurrent;
using Orleans.Serialization;

namespace OrleansCache.Engine.Serialization;

/// <summary>Codecs for every type that may be sent. One per service provider; thread-safe.</summary>
internal sealed class WireSerializer
{
    private readonly ConcurrentDictionary<CodecKey, IValueCodec> _ready = new();
    private readonly ConcurrentDictionary<CodecKey, Created> _created = new();
    private readonly CodecFactory _factory;
    private readonly Lock _building = new();

    /// <param name="references">How references to grains and observers travel.</param>
    /// <param name="codecs">Codecs for types of the runtime's own (ids, addresses), made with <see cref="ValueCodec{T}"/>.</param>
    public WireSerializer(IReferenceCodec references, IEnumerable<IValueCodec>? codecs = null)
    {
        _factory = new CodecFactory(references, codecs ?? [], FindExact);
    }

    /// <summary>The codec for values of this declared type. Keep it: looking it up costs more than most values.</summary>
    /// <exception cref="CodecNotFoundException">Values of the type cannot be sent; the message names the type and why.</exception>
    public IValueCodec<T> GetCodec<T>() => (IValueCodec<T>)GetCodec(typeof(T));

    /// <inheritdoc cref="GetCodec{T}"/>
    public IValueCodec GetCodec(Type declaredType)
    {
        var key = new CodecKey(declaredType);
        if (_ready.TryGetValue(key, out var codec))
            return codec;
        var problems = string.Join("; ", Verify(key));
        return problems.Length == 0
            ? Build(key)
            : throw new CodecNotFoundException($"Values of type {TypeText.Of(declaredType)} cannot be sent: {problems}.");
    }

    /// <summary>Every reason why values of the declared type cannot be sent, each naming the type and the member; empty when they can.</summary>
    public IEnumerable<string> Verify(Type type) => Verify(new CodecKey(type));

    /// <summary>Writes what a call threw. An exception that cannot be sent goes as a substitute that names it; this never throws because of it.</summary>
    public void WriteException(ref WireWriter writer, Exception exception)
    {
        // It is a message within the message, since what was written before an error shows could not be taken back.
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            Encode(buffer, exception);
        }
        catch (Exception failure)
        {
            buffer.Clear();
            Encode(buffer, Substitute(exception, failure));
        }

        writer.WriteBytes(buffer.WrittenSpan);
    }

    /// <summary>Reads what <see cref="WriteException"/> wrote, ready to be thrown.</summary>
    /// <exception cref="SerializerException">The bytes are no exception.</exception>
    public Exception ReadException(ref WireReader reader)
    {
        var inner = new WireReader(reader.ReadBytes());
        return GetCodec<Exception>().Read(ref inner) ?? throw inner.Malformed("the exception is null");
    }

    /// <summary>What a caller in the same silo gets when a call threw: the exception itself, as Orleans does it. Exceptions count as immutable.</summary>
    public Exception CopyException(Exception exception) => exception;

    private static SerializerException Substitute(Exception exception, Exception failure)
    {
        string message;
        try
        {
            message = exception.Message;
        }
        catch (Exception e)
        {
            message = $"(its message could not be read: {e.GetType()})";
        }

        var text = $"An exception of type {TypeText.Of(exception.GetType())} was thrown and could not be sent ({failure.Message}). Its message was: {message}";
        return failure is CodecNotFoundException ? new CodecNotFoundException(text) : new SerializerException(text);
    }

    private void Encode(ArrayBufferWriter<byte> buffer, Exception exception)
    {
        var writer = new WireWriter(buffer);
        GetCodec<Exception>().Write(ref writer, exception);
        writer.Flush();
    }

    private IEnumerable<string> Verify(CodecKey root)
    {
        if (_ready.ContainsKey(root))
            yield break;
        var seen = new HashSet<CodecKey> { root };
        var next = new Queue<CodecPart>([new CodecPart(root, "")]);
        while (next.TryDequeue(out var part))
        {
            var (codec, problems) = Create(part.Key);
            var name = $"type {TypeText.Of(part.Key.Type)} ";
            foreach (var problem in problems)
                yield return part.Role.Length > 0 && problem.StartsWith(name, StringComparison.Ordinal) ? $"{name}({part.Role}) {problem[name.Length..]}" : problem;
            foreach (var inner in (codec as ICompositeCodec)?.Parts ?? [])
            {
                if (seen.Add(inner.Key))
                    next.Enqueue(inner.Role.Length > 0 ? inner : inner with { Role = part.Role });
            }
        }
    }

    private Created Create(CodecKey key) => _created.GetOrAdd(key, k => new Created(_factory.Create(k, out var problems), problems));

    private IValueCodec Build(CodecKey key)
    {
        lock (_building)
        {
            var built = new Dictionary<CodecKey, IValueCodec>();
            var codec = Connect(key);

            // Others see codecs when all that they stand on is connected.
            foreach (var (builtKey, builtCodec) in built)
                _ready.TryAdd(builtKey, builtCodec);
            return codec;

            IValueCodec Connect(CodecKey part)
            {
                if (_ready.TryGetValue(part, out var found) || built.TryGetValue(part, out found))
                    return found;
                var created = Create(part).Codec ?? throw new CodecNotFoundException($"Values of type {TypeText.Of(part.Type)} cannot be sent.");
                built.Add(part, created);
                (created as ICompositeCodec)?.Connect(Connect);
                return created;
            }
        }
    }

    private IValueCodec? FindExact(Type type, out string reason)
    {
        var key = new CodecKey(type, Exact: true);
        if (_ready.TryGetValue(key, out var codec))
        {
            reason = "";
            return codec;
        }

        reason = string.Join("; ", Verify(key));
        return reason.Length == 0 ? Build(key) : null;
    }

    private sealed record Created(IValueCodec? Codec, IReadOnlyList<string> Problems);
}
