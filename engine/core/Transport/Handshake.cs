using System.IO.Pipelines;
using Orleans.Runtime.Messaging;
using OrleansCache.Engine.References;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Transport;

/// <summary>How two hosts introduce themselves, before a <see cref="Connection"/> takes the stream over.</summary>
internal static class Handshake
{
    private const int Version = 1;
    private const int MostBytes = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The opener's part. When it fails, the stream is closed.</summary>
    /// <exception cref="ConnectionFailedException">The other host does not want the connection, does not answer in time, or does not speak the protocol.</exception>
    public static async Task<(Peer Peer, GrainManifest Manifest)> OpenAsync(IDuplexPipe pipe, string clusterId, Peer self, TimeProvider time, CancellationToken token)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        try
        {
            await WriteAsync(pipe, FrameKind.Hello, (clusterId, self), WriteHello, either.Token);
            return await ReadAsync(pipe, ReadWelcome, either.Token);
        }
        catch (Exception exception)
        {
            await pipe.Input.CompleteAsync();
            await pipe.Output.CompleteAsync();
            if (exception is ConnectionFailedException || token.IsCancellationRequested) throw;
            var reason = limit.IsCancellationRequested ? $"the peer did not answer within {Patience.TotalSeconds:0} s" : exception.Message;
            throw new ConnectionFailedException($"The greeting failed: {reason}", exception);
        }
    }

    /// <summary>The accepter's part: null when the opener was refused.</summary>
    public static async Task<Peer?> AcceptAsync(IDuplexPipe pipe, string clusterId, Peer self, GrainManifest manifest, Func<Peer, bool> isDead, CancellationToken token)
    {
        var (theirCluster, peer) = await ReadAsync(pipe, ReadHello, token);
        var isTheirs = theirCluster == clusterId;
        if (!isTheirs || isDead(peer))
        {
            var reason = isTheirs ? $"The cluster has declared {peer} dead." : $"This is the cluster '{clusterId}', not '{theirCluster}'.";
            await WriteAsync(pipe, FrameKind.Refused, (reason, isTheirs), WriteRefused, token);
            return null;
        }

        await WriteAsync(pipe, FrameKind.Welcome, (self, manifest), WriteWelcome, token);
        return peer;
    }

    private static void WriteRefused(ref WireWriter writer, (string Reason, bool IsDead) refused)
    {
        writer.WriteRawString(refused.Reason);
        writer.WriteRawByte(refused.IsDead ? (byte)1 : (byte)0);
    }

    private static void WriteHello(ref WireWriter writer, (string ClusterId, Peer Self) hello)
    {
        writer.WriteRawVarint(Version);
        writer.WriteRawString(hello.ClusterId);
        WritePeer(ref writer, hello.Self);
    }

    private static (string ClusterId, Peer Peer) ReadHello(ref WireReader reader)
    {
        if (reader.ReadRawByte() != (byte)FrameKind.Hello || reader.ReadRawVarint() != Version) throw new InvalidDataException($"The peer does not speak version {Version} of the protocol.");
        return (reader.ReadRawString(), ReadPeer(ref reader));
    }

    private static void WriteWelcome(ref WireWriter writer, (Peer Self, GrainManifest Manifest) welcome)
    {
        WritePeer(ref writer, welcome.Self);
        writer.WriteRawVarint((ulong)welcome.Manifest.Entries.Count);
        foreach (var entry in welcome.Manifest.Entries)
        {
            writer.WriteRawString(entry.GrainType);
            writer.WriteRawString(entry.ClassName);
            writer.WriteRawVarint((ulong)entry.Interfaces.Count);
            foreach (var name in entry.Interfaces) writer.WriteRawString(name);
        }
    }

    private static (Peer, GrainManifest) ReadWelcome(ref WireReader reader)
    {
        var kind = (FrameKind)reader.ReadRawByte();
        if (kind == FrameKind.Refused)
        {
            var reason = $"The peer refused the connection: {reader.ReadRawString()}";
            throw reader.Remaining > 0 && reader.ReadRawByte() == 1 ? new DeclaredDeadException(reason) : new ConnectionFailedException(reason);
        }

        if (kind != FrameKind.Welcome) throw new InvalidDataException("The peer did not answer the greeting.");
        var peer = ReadPeer(ref reader);
        var entries = new GrainManifest.Entry[reader.ReadCount()];
        for (var i = 0; i < entries.Length; i++)
        {
            var (type, name) = (reader.ReadRawString(), reader.ReadRawString());
            var interfaces = new string[reader.ReadCount()];
            for (var j = 0; j < interfaces.Length; j++) interfaces[j] = reader.ReadRawString();
            entries[i] = new GrainManifest.Entry(type, name, interfaces);
        }

        return (peer, new GrainManifest(entries));
    }

    private static void WritePeer(ref WireWriter writer, Peer peer)
    {
        writer.WriteRawString(peer.Name);
        writer.WriteRawString(peer.Silo?.ToParsableString() ?? "");
        writer.WriteRawString(peer.ClientId ?? "");
    }

    private static Peer ReadPeer(ref WireReader reader)
    {
        var (name, silo, client) = (reader.ReadRawString(), reader.ReadRawString(), reader.ReadRawString());
        return new Peer(name, silo.Length == 0 ? null : SiloAddress.FromParsableString(silo), client.Length == 0 ? null : client);
    }

    private static async Task WriteAsync<TState>(IDuplexPipe pipe, FrameKind kind, TState state, Messaging.WriteBody<TState> write, CancellationToken token)
    {
        var frame = new FrameBuffer();
        Fill(frame, kind, state, write);
        await pipe.Output.WriteAsync(frame.Written, token);
    }

    private static void Fill<TState>(FrameBuffer frame, FrameKind kind, TState state, Messaging.WriteBody<TState> write)
    {
        frame.BeginFrame();
        var writer = new WireWriter(frame);
        writer.WriteRawByte((byte)kind);
        write(ref writer, state);
        writer.Flush();
        frame.EndFrame(MostBytes);
    }

    private static async Task<T> ReadAsync<T>(IDuplexPipe pipe, ReadFrame<T> read, CancellationToken token)
    {
        while (true)
        {
            var result = await pipe.Input.ReadAsync(token);
            if (TryRead(result.Buffer, read, out var value, out var end))
            {
                pipe.Input.AdvanceTo(end);
                return value;
            }

            pipe.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted) throw new ConnectionFailedException("The peer closed the connection during the greeting.");
        }
    }

    private static bool TryRead<T>(System.Buffers.ReadOnlySequence<byte> buffer, ReadFrame<T> read, out T value, out SequencePosition end)
    {
        value = default!;
        var found = Connection.TryReadFrame(ref buffer, MostBytes, out var frame);
        end = buffer.Start;
        if (!found) return false;
        var reader = new WireReader(frame);
        value = read(ref reader);
        return true;
    }

    private delegate T ReadFrame<out T>(ref WireReader reader);
}
