using Orleans.Serialization;

namespace OrleansCache.Engine.Serialization;

/// <summary>The members of a type, a level for each class of its inheritance chain. What objects and structs have in common.</summary>
internal sealed class MemberLevels<T>(Member<T>[][] levels)
{
    /// <summary>Whether all members are shared instead of copied; known once they are connected.</summary>
    public bool AreImmutable => levels.All(level => level.All(member => member.IsImmutable));

    public IEnumerable<CodecPart> Parts => levels.SelectMany(level => level).Select(member => member.Part);

    public void Connect(Func<CodecKey, IValueCodec> codecs)
    {
        foreach (var member in levels.SelectMany(level => level))
            member.Connect(codecs);
    }

    /// <summary>Writes the members into a group that was begun, and ends it.</summary>
    public void Write(ref WireWriter writer, ref T owner)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            if (i > 0)
                writer.NextLevel();
            var id = 0u;
            foreach (var member in levels[i])
            {
                writer.NextId(member.WireId - id);
                member.Write(ref writer, ref owner);
                id = member.WireId;
            }
        }

        writer.EndGroup();
    }

    /// <summary>Reads a group's members to its end; those that are not there keep their value, those not known are skipped.</summary>
    public void Read(ref WireReader reader, ref T owner)
    {
        var level = 0;
        var next = 0;
        var id = 0ul;
        try
        {
            while (true)
            {
                switch (reader.ReadMember(out var idDelta))
                {
                    case WireMember.End:
                        return;
                    case WireMember.NextLevel:
                        level++;
                        next = 0;
                        id = 0;
                        continue;
                }

                id += idDelta;
                var members = level < levels.Length ? levels[level] : [];
                while (next < members.Length && members[next].WireId < id)
                    next++;
                if (next < members.Length && members[next].WireId == id)
                    members[next].Read(ref reader, ref owner);
                else
                    reader.Skip();
            }
        }
        catch (Exception e) when (e is not SerializerException)
        {
            throw new SerializerException($"A {TypeText.Of(typeof(T))} could not be made from what was read: {e.Message}", e);
        }
    }

    public void Copy(ref T from, ref T to, ref CopyContext context)
    {
        context.Enter();
        foreach (var level in levels)
        {
            foreach (var member in level)
                member.Copy(ref from, ref to, ref context);
        }

        context.Leave();
    }
}
