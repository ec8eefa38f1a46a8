namespace OrleansCache.Redis;

/// <summary>
/// What a node's calls run in Redis. Each is sent as text (EVAL): Redis knows a text again by its hash, and a server that was
/// restarted never answers that it does not know the script.
/// </summary>
internal static class RedisScripts
{
    /// <summary>
    /// Value and time to live of one moment; GET and PTTL one after the other might belong to two different writes. A value
    /// of another type is answered as an empty one, which is no envelope.
    /// </summary>
    public const string Read =
        """
        local v=redis.pcall('GET',KEYS[1])
        if not v then return false end
        if type(v)=='table' then return {'',-1} end
        return {v,redis.call('PTTL',KEYS[1])}
        """;

    /// <summary>
    /// Writes unless the entry has a higher version. The version is compared in two halves, as numbers: Lua's numbers hold 53
    /// bits, and its strings compare by the server's locale.
    /// </summary>
    public const string Write =
        """
        local n=ARGV[1]
        if ARGV[3]=='0' then
          local o=redis.pcall('GETRANGE',KEYS[1],0,11)
          if type(o)=='string' and #o==12 and o:sub(1,4)==n:sub(1,4) then
            local oh,ol=struct.unpack('>I4I4',o:sub(5,12))
            local nh,nl=struct.unpack('>I4I4',n:sub(5,12))
            if oh>nh or (oh==nh and ol>nl) then return 0 end
          end
        end
        redis.call('SET',KEYS[1],n,'PX',ARGV[2])
        return 1
        """;
}
