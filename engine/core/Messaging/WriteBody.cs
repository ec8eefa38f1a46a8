using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Messaging;

internal delegate void WriteBody<in TState>(ref WireWriter writer, TState state);
